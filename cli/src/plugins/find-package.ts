import { existsSync, readFileSync, realpathSync } from "node:fs";
import { createRequire } from "node:module";
import { basename, dirname, isAbsolute, join, resolve, sep } from "node:path";

/** An installed npm package. */
export interface InstalledPackage {
  readonly name: string;
  readonly version: string;
  /** Its folder. */
  readonly folder: string;
}

/** The packages whose name is not that of their program. */
const packages: Readonly<Record<string, string>> = {
  "protoc-gen-es": "@bufbuild/protoc-gen-es",
  "protoc-gen-ts_proto": "ts-proto",
};

/** The name of a program without folder and extension: `protoc-gen-es` of `node_modules/.bin/protoc-gen-es.cmd`. */
export function programOf(command: string): string {
  return basename(command.replaceAll("\\", "/")).replace(/\.(?:[cm]?js|cmd|exe|ps1)$/, "");
}

/** The npm package that has a program, as far as this release knows. */
export function packageNameOf(command: string): string {
  const program = programOf(command);
  return packages[program] ?? program;
}

/** Finds the npm package that a local plugin belongs to. undefined: there is none, or another program of this name is meant. */
export function findPackage(command: string, folder: string): InstalledPackage | undefined {
  const isPath = /[/\\]/.test(command);
  const bins = `${sep}node_modules${sep}.bin${sep}`;
  const path = isPath ? (isAbsolute(command) ? command : resolve(folder, command)) : undefined;
  // What is there may be a link or a script, depending on the package manager. The package is next to the folder.
  const from = path === undefined ? folder : path.includes(bins) ? path.slice(0, path.lastIndexOf(bins)) : undefined;
  const name = packageNameOf(command);
  const manifest = from === undefined ? findManifest(path ?? "") : resolveManifest(from, name);
  return manifest === undefined ? undefined : readManifest(manifest, name);
}

function resolveManifest(folder: string, name: string): string | undefined {
  try {
    return createRequire(join(folder, "package.json")).resolve(`${name}/package.json`);
  } catch {
    return undefined;
  }
}

/** The package.json of the package that a file is in. */
function findManifest(file: string): string | undefined {
  if (!existsSync(file)) return undefined;
  for (let at = dirname(realpathSync(file)); ; at = dirname(at)) {
    const manifest = join(at, "package.json");
    if (existsSync(manifest)) return manifest;
    if (dirname(at) === at) return undefined;
  }
}

function readManifest(path: string, expected: string): InstalledPackage | undefined {
  try {
    const { name, version } = JSON.parse(readFileSync(path, "utf8")) as { name?: unknown; version?: unknown };
    if (name !== expected || typeof version !== "string") return undefined;
    return { name, version, folder: dirname(path) };
  } catch {
    return undefined;
  }
}
