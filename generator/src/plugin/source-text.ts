import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";

/**
 * Finds the text of a proto file for excerpts in diagnostics. A plugin receives import paths only, so this looks in the current
 * folder, in `proto`, and in the modules that a buf.yaml names.
 */
export function findText(file: string): string | undefined {
  const path = [".", "proto", ...modules()].map((root) => join(root, file)).find((candidate) => existsSync(candidate));
  return path === undefined ? undefined : readFileSync(path, "utf8");
}

function modules(): readonly string[] {
  if (!existsSync("buf.yaml")) return [];
  return Array.from(
    readFileSync("buf.yaml", "utf8").matchAll(/^\s*-?\s*path:\s*["']?([^\s"'#]+)/gm),
    ([, path]) => path ?? ".",
  );
}
