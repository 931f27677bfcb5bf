import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";

/** A package.json, as far as checks read it. */
export interface Manifest {
  readonly version: string;
  readonly peers: Readonly<Record<string, string>>;
  /** `module` or nothing. */
  readonly type: string | undefined;
  /** What it depends on, also for development. */
  readonly dependencies: Readonly<Record<string, string>>;
}

/** Finds an installed package, from a folder: in the nearest node_modules above it, else where this process resolves it (Plug'n'Play). */
export function findInstalled(
  name: string,
  folder: string,
): { readonly manifest: Manifest; readonly folder: string } | undefined {
  for (const path of [...listCandidates(name, folder), ...resolve(name, folder)]) {
    const manifest = readManifest(path);
    if (manifest !== undefined) return { manifest, folder: dirname(path) };
  }
  return undefined;
}

/** Whether a package is installed, also if nothing can be read of it: Plug'n'Play keeps packages in archives. */
export function isInstalled(name: string, folder: string): boolean {
  if (findInstalled(name, folder) !== undefined) return true;
  try {
    createRequire(join(folder, "package.json")).resolve(name);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === "ERR_PACKAGE_PATH_NOT_EXPORTED";
  }
}

/** Reads a package.json. undefined: it is missing or cannot be read. */
export function readManifest(path: string): Manifest | undefined {
  try {
    const manifest: unknown = JSON.parse(readFileSync(path, "utf8"));
    if (typeof manifest !== "object" || manifest === null) return undefined;
    const { version, peerDependencies, type, dependencies, devDependencies } = manifest as Readonly<
      Record<string, unknown>
    >;
    return {
      version: typeof version === "string" ? version : "",
      peers: toTexts(peerDependencies),
      type: typeof type === "string" ? type : undefined,
      dependencies: { ...toTexts(devDependencies), ...toTexts(dependencies) },
    };
  } catch {
    return undefined;
  }
}

function toTexts(value: unknown): Readonly<Record<string, string>> {
  if (typeof value !== "object" || value === null) return {};
  return Object.fromEntries(
    Object.entries(value).filter((entry): entry is [string, string] => typeof entry[1] === "string"),
  );
}

function listCandidates(name: string, folder: string): readonly string[] {
  const paths: string[] = [];
  for (let at = folder; ; at = dirname(at)) {
    paths.push(join(at, "node_modules", name, "package.json"));
    if (dirname(at) === at) return paths;
  }
}

function resolve(name: string, folder: string): readonly string[] {
  try {
    return [createRequire(join(folder, "package.json")).resolve(`${name}/package.json`)];
  } catch {
    return [];
  }
}
