import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { parse as parseYaml } from "yaml";
import { CliError } from "../../cli-error.js";

/** A proto file of a contract: its path from the folder of the project, and its text. */
export interface SourceText {
  /** With `/` on all systems. */
  readonly path: string;
  /** Its text. */
  readonly text: string;
}

/** Finds the source of a file that imports name. undefined: there is none, as for images. */
export type FindSource = (file: string) => SourceText | undefined;

/** What `check` reads of a buf.yaml. */
export interface BufConfig {
  /** The folders of its modules, `.` if it names none. */
  readonly modules: readonly string[];
  /** The settings of `buf breaking` for the workspace. */
  readonly breaking: Readonly<Record<string, unknown>>;
}

/** Reads the text of a buf.yaml, of version 1 or 2. undefined: there is none. */
export function readBufConfig(text: string | undefined, what: string): BufConfig {
  const document = text === undefined ? {} : parse(text, what);
  const modules = list(document["modules"]).flatMap((one) => {
    const path = (one as { path?: unknown } | null)?.path;
    return typeof path === "string" ? [path.replace(/\/+$/, "")] : [];
  });
  const breaking = document["breaking"];
  return {
    modules: modules.length === 0 ? ["."] : modules,
    breaking: typeof breaking === "object" && breaking !== null ? (breaking as Record<string, unknown>) : {},
  };
}

function parse(text: string, what: string): Readonly<Record<string, unknown>> {
  try {
    return (parseYaml(text) ?? {}) as Record<string, unknown>;
  } catch (error) {
    throw new CliError(`${what} is no valid YAML: ${error instanceof Error ? error.message : error}`);
  }
}

function list(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : [];
}

/** Finds sources in a folder. */
export function sourcesIn(folder: string, modules: readonly string[]): FindSource {
  return findSource(modules, (path) => {
    const absolute = join(folder, path);
    return existsSync(absolute) ? readFileSync(absolute, "utf8") : undefined;
  });
}

/** Finds sources among texts by their paths. */
export function sourcesOf(texts: ReadonlyMap<string, string>, modules: readonly string[]): FindSource {
  return findSource(modules, (path) => texts.get(path));
}

function findSource(modules: readonly string[], read: (path: string) => string | undefined): FindSource {
  return (file) => {
    for (const root of modules) {
      const path = root === "." ? file : `${root}/${file}`;
      const text = read(path);
      if (text !== undefined) return { path, text };
    }
    return undefined;
  };
}
