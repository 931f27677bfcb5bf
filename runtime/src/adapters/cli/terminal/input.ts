import { createReadStream } from "node:fs";
import { resolve } from "node:path";
import { createGunzip, type Gunzip } from "node:zlib";
import { PotterError } from "../../../errors/index.js";
import type { Terminal } from "./terminal.js";

/**
 * Reads a file in chunks, decompressed if its name ends in `.gz`; `-` is standard input. `onRead` receives the number of bytes
 * read from the file so far.
 */
export async function* openInput(
  terminal: Terminal,
  path: string,
  onRead: (bytes: number) => void = () => {},
): AsyncGenerator<Uint8Array, void, undefined> {
  if (path === "-") return yield* terminal.input();
  const file = createReadStream(resolve(terminal.folder, path));
  const source = path.endsWith(".gz") ? createGunzip() : file;
  if (source !== file) file.on("error", (error) => source.destroy(error)).pipe(source as Gunzip);
  try {
    for await (const piece of source as AsyncIterable<Uint8Array>) {
      onRead(file.bytesRead);
      yield piece;
    }
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException;
    if (code === "ENOENT") throw new PotterError("not_found", `file not found: ${path}`);
    if (code?.startsWith("Z_") === true)
      throw new PotterError("invalid_argument", `${path} is corrupt or not a gzip file: ${message}`, { cause: error });
    throw error;
  } finally {
    file.destroy();
  }
}
