// The packages that are published, in the order of their dependencies.
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

export const root = fileURLToPath(new URL("..", import.meta.url));

/** @typedef {Record<string, string>} Versions */
/** @typedef {{ name: string, version: string, private?: boolean, exports?: Record<string, string | { types: string, default: string }>, dependencies?: Versions, devDependencies?: Versions, peerDependencies?: Versions, [field: string]: unknown }} Manifest */
/** @typedef {{ folder: string, manifest: Manifest }} Workspace */

/**
 * All workspaces: the published packages first, then the examples.
 *
 * @param {string} [base]
 * @returns {Workspace[]}
 */
export function listWorkspaces(base = root) {
  const list = (/** @type {string} */ folder) =>
    readdirSync(join(base, folder), { withFileTypes: true })
      .filter((entry) => entry.isDirectory())
      .map(({ name }) => `${folder}/${name}`)
      .sort();
  return ["runtime", "client", "generator", "cli", "create-potter", ...list("plugins"), ...list("examples")].map(
    (folder) => ({
      folder,
      manifest: JSON.parse(readFileSync(join(base, folder, "package.json"), "utf8")),
    }),
  );
}

/**
 * The workspaces that go to the registry.
 *
 * @param {string} [base]
 * @returns {Workspace[]}
 */
export function listPublished(base = root) {
  return listWorkspaces(base).filter(({ manifest }) => manifest.private !== true);
}

/**
 * The entry points of a package: what `exports` names, without data files.
 *
 * @param {Workspace} workspace
 * @returns {{ name: string, subpath: string, code: string, declarations: string }[]} paths are relative to the package
 */
export function listEntries({ manifest }) {
  return Object.entries(manifest.exports ?? {})
    .map(([subpath, target]) => ({
      name: manifest.name + subpath.slice(1),
      subpath,
      code: typeof target === "string" ? target : target.default,
      declarations: typeof target === "string" ? target.replace(/\.js$/, ".d.ts") : target.types,
    }))
    .filter(({ code }) => code.endsWith(".js"));
}
