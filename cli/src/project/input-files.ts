import { existsSync, readFileSync, statSync } from "node:fs";
import { dirname, join, resolve } from "node:path";
import { parseDocument } from "yaml";
import type { Template } from "./template.js";

/** The files on disk from which buf compiles a contract. Absolute paths, which may be missing. */
export interface InputFiles {
  /** Folders with proto files: those of the inputs, and all modules that they may import. */
  readonly folders: readonly string[];
  /** Files that configure buf, and inputs that are files. */
  readonly files: readonly string[];
}

type Fields = Readonly<Record<string, unknown>>;

/** Lists what the inputs of a template are read from. Modules of a registry are not on disk. */
export function listInputFiles(folder: string, { raw }: Template): InputFiles {
  const folders = new Set<string>();
  const files = new Set<string>();
  const inputs = Array.isArray(raw["inputs"]) ? (raw["inputs"] as readonly unknown[]) : [{ directory: "." }];
  for (const input of inputs.filter(isFields)) {
    for (const [kind, value] of Object.entries(input)) {
      if (typeof value !== "string" || kind === "module") continue;
      const path = resolve(folder, value);
      if (kind === "directory") addFolder(path);
      else if (statSync(path, { throwIfNoEntry: false })?.isFile()) addFile(path);
    }
  }
  return { folders: [...folders].sort(), files: [...files].sort() };

  function addFolder(path: string): void {
    folders.add(path);
    addWorkspace(path);
  }

  function addFile(path: string): void {
    files.add(path);
    if (path.endsWith(".proto")) addWorkspace(dirname(path));
  }

  /** Adds the workspace that buf finds for a folder: in it, or in the nearest folder above. */
  function addWorkspace(path: string): void {
    for (let at = path; ; at = dirname(at)) {
      const [config, work] = [join(at, "buf.yaml"), join(at, "buf.work.yaml")];
      const { version, modules, directories } = { ...readYaml(config), ...readYaml(work) };
      // A configuration may appear where there is none, but not above the project.
      if (at === path || at === folder || existsSync(config)) for (const one of [config, lockOf(at)]) files.add(one);
      if (existsSync(work)) files.add(work);
      const isModule = existsSync(config) && version !== "v2";
      if (isModule) folders.add(at);
      const paths = isModule ? [] : toPaths(modules, directories);
      for (const one of paths) {
        folders.add(resolve(at, one));
        for (const file of ["buf.yaml", "buf.lock"]) files.add(resolve(at, one, file));
      }
      if (paths.length > 0 || version === "v2" || existsSync(work) || dirname(at) === at) return;
    }
  }
}

function lockOf(folder: string): string {
  return join(folder, "buf.lock");
}

/** The folders of modules, as buf.yaml of v2 and buf.work.yaml list them. */
function toPaths(modules: unknown, directories: unknown): readonly string[] {
  const listed = Array.isArray(modules) ? modules.filter(isFields).map(({ path }) => path ?? ".") : directories;
  return Array.isArray(listed) ? listed.filter((path): path is string => typeof path === "string") : [];
}

/** Reads a file of buf. One that is missing or invalid says nothing: buf reports what is wrong with it. */
function readYaml(path: string): Fields {
  try {
    const value: unknown = parseDocument(readFileSync(path, "utf8")).toJS();
    return isFields(value) ? value : {};
  } catch {
    return {};
  }
}

function isFields(value: unknown): value is Fields {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
