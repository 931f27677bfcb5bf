import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";

/**
 * Finds the text of a proto file for excerpts in diagnostics. A plugin receives import paths only, so this looks in a folder
 * (default: the current one), in its `proto`, and in the modules that its buf.yaml names.
 */
export function findText(file: string, folder = "."): string | undefined {
  const path = findTextPath(file, folder);
  return path === undefined ? undefined : readFileSync(join(folder, path), "utf8");
}

/** The path of a proto file from the folder, with slashes, if it is where `findText` looks. */
export function findTextPath(file: string, folder: string): string | undefined {
  return [".", "proto", ...modules(folder)]
    .map((root) => join(root, file))
    .find((path) => existsSync(join(folder, path)))
    ?.replaceAll("\\", "/");
}

function modules(folder: string): readonly string[] {
  const config = join(folder, "buf.yaml");
  if (!existsSync(config)) return [];
  return Array.from(
    readFileSync(config, "utf8").matchAll(/^\s*-?\s*path:\s*["']?([^\s"'#]+)/gm),
    ([, path]) => path ?? ".",
  );
}
