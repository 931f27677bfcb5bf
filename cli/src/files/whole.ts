import { readFile } from "node:fs/promises";
import { CliError } from "../cli-error.js";
import { createFile, replaceFile } from "./atomic.js";

/** Writes a file, whether it exists or not. It is never half-written. Throws a CliError that names it, with a remedy. */
export async function writeWhole(path: string, text: string): Promise<void> {
  const old = await readFile(path).catch((error: NodeJS.ErrnoException) => {
    if (error.code === "ENOENT") return undefined;
    throw new CliError(`cannot read ${path}: ${error.message}`);
  });
  const result =
    old === undefined ? await createFile(path, text) : await replaceFile(path, old, new TextEncoder().encode(text));
  if (result !== "written") throw new CliError(`cannot write ${path}: ${result.reason}`);
}

/**
 * Creates a file and its folder: it is there as a whole or not at all. Resolves to whether it was created: one that exists stays as it
 * is. Throws a CliError that names it, with a remedy.
 */
export async function createWhole(path: string, text: string): Promise<boolean> {
  const result = await createFile(path, text);
  if (result === "written") return true;
  if (result.code === "EEXIST") return false;
  throw new CliError(`cannot write ${path}: ${result.reason}`);
}
