import type { Stats } from "node:fs";
import { dirname, relative, sep } from "node:path";
import { isWithin } from "../../is-within.js";
import type { Watched } from "./watched.js";

/** Says of a path whether its changes may count. Without stats it may be a folder. */
export type Selection = (path: string, stats?: Pick<Stats, "isFile">) => boolean;

/** Selects what counts, and the folders in which it is. */
export function createSelection(watched: Watched): Selection {
  const files = new Set(watched.files);
  const { protoFolders, sourceFolder } = watched;
  const above = new Set<string>();
  for (const path of [...files, ...protoFolders, ...(sourceFolder === undefined ? [] : [sourceFolder])]) {
    for (let at = dirname(path); !above.has(at); at = dirname(at)) above.add(at);
  }
  return (path, stats) => {
    if (files.has(path) || above.has(path)) return true;
    const isFile = stats?.isFile() ?? false;
    if (protoFolders.some((folder) => isVisible(path, folder) && (!isFile || isProto(path)))) return true;
    return isSource(path, watched) && (!isFile || isCode(path));
  };
}

/** Whether a path below the folder of sources is none of those that do not count. */
export function isSource(path: string, { sourceFolder, ignored }: Watched): boolean {
  if (sourceFolder === undefined || !isVisible(path, sourceFolder)) return false;
  const names = relative(sourceFolder, path).split(sep);
  return !names.some((name) => built.has(name)) && !ignored.some((folder) => isWithin(path, folder));
}

export function isProto(path: string): boolean {
  return path.endsWith(".proto");
}

export function isCode(path: string): boolean {
  return /\.(?:[cm]?[jt]s|[jt]sx)$/.test(path);
}

/** Folders of what other tools write. */
const built: ReadonlySet<string> = new Set(["dist", "build", "coverage"]);

/** Whether a name is one of a package's or a hidden one. */
export function isSkipped(name: string): boolean {
  return name === "node_modules" || (name.startsWith(".") && name !== "." && name !== "..");
}

/** Whether a path is in a folder and not in a hidden one, or in one of packages, below it. */
function isVisible(path: string, folder: string): boolean {
  return isWithin(path, folder) && !relative(folder, path).split(sep).some(isSkipped);
}
