import { once } from "node:events";
import { createWriteStream, existsSync } from "node:fs";
import { resolve } from "node:path";
import { finished } from "node:stream/promises";
import { createGzip } from "node:zlib";
import type { Terminal } from "./terminal.js";
import { UsageError } from "./usage-error.js";

/** Where data goes: a file, or standard output. */
export interface Output {
  /** Resolves when the other side can take more. */
  write(text: string): Promise<void>;
  /** Resolves when all is written. */
  close(): Promise<void>;
}

/** Opens a file, compressed if its name ends in `.gz`, or standard output. */
export function openOutput(
  terminal: Terminal,
  path: string | undefined,
  existing: "refuse" | "append" | "overwrite",
): Output {
  if (path === undefined || path === "-") return { write: (text) => terminal.write(text), close: async () => {} };
  const file = resolve(terminal.folder, path);
  if (existing === "refuse" && existsSync(file)) {
    throw new UsageError(`${path} is there already: go on with it by --append, or give --overwrite`);
  }
  // A second part of a compressed file is a member of its own, which every reader of gzip takes for the rest of the file.
  const target = createWriteStream(file, { flags: existing === "append" ? "a" : "w" });
  const compressed = file.endsWith(".gz") ? createGzip() : undefined;
  compressed?.pipe(target);
  const sink = compressed ?? target;
  const written = finished(target);
  // Told of when the next piece is written, or at the end.
  written.catch(() => {});
  return {
    async write(text) {
      if (sink.write(text)) return;
      await Promise.race([once(sink, "drain"), written]);
    },
    async close() {
      sink.end();
      await written;
    },
  };
}
