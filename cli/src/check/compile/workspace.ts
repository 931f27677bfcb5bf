import { existsSync, readFileSync, statSync } from "node:fs";
import { dirname, join, relative, resolve } from "node:path";
import { type BufConfig, type FindSource, readBufConfig } from "./sources.js";

/** The workspace of buf to which an input belongs. */
export interface Workspace {
  /** Its folder: that of the project, or one above it or elsewhere. */
  readonly root: string;
  /** What its buf.yaml says. */
  readonly config: BufConfig;
}

const configs = ["buf.yaml", "buf.work.yaml"];

/**
 * Finds the workspace as buf does: in the folder of the input, or in the nearest folder above. Without one, and for an input that is
 * no folder, it is the folder of the project.
 */
export function findWorkspace(input: string, folder: string): Workspace {
  const start = resolve(folder, input);
  let root = folder;
  if (statSync(start, { throwIfNoEntry: false })?.isDirectory()) {
    for (let at = start; dirname(at) !== at; at = dirname(at)) {
      if (!configs.some((name) => existsSync(join(at, name)))) continue;
      root = at;
      break;
    }
  }
  const file = join(root, "buf.yaml");
  const name = toPath(relative(folder, file));
  return { root, config: readBufConfig(existsSync(file) ? readFileSync(file, "utf8") : undefined, name) };
}

/** Turns the paths of sources from those below a workspace into those from the folder of the project. */
export function fromProject(find: FindSource, root: string, folder: string): FindSource {
  const prefix = relative(folder, root);
  if (prefix === "") return find;
  return (file) => {
    const source = find(file);
    return source && { ...source, path: toPath(join(prefix, source.path)) };
  };
}

function toPath(path: string): string {
  return path.replaceAll("\\", "/");
}
