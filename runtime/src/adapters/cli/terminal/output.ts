import { once } from "node:events";
import { createWriteStream, existsSync } from "node:fs";
import { resolve } from "node:path";
import { finished } from "node:stream/promises";
import { createGzip } from "node:zlib";
import { UsageError } from "../usage-error.js";
import type { Terminal } from "./terminal.js";

/** The destination of exported data: a file or standard output. */
export interface Output {
  /** Resolves when the destination accepts more data. */
  write(text: string): Promise<void>;
  /** Resolves when all data is written. */
  close(): Promise<void>;
}

/** Opens a file, compressed if its name ends in `.gz`, or standard output for `-` and without a path. */
export function openOutput(
  terminal: Terminal,
  path: string | undefined,
  existing: "refuse" | "append" | "overwrite",
): Output {
  if (path === undefined || path === "-") return { write: (text) => terminal.write(text), close: async () => {} };
  const file = resolve(terminal.folder, path);
  if (existing === "refuse" && existsSync(file)) {
    throw new UsageError(`${path} already exists: use --append to continue it, or --overwrite to replace it`);
  }
  // Appending to a compressed file adds a gzip member. Readers of gzip concatenate the members of a file.
  const target = createWriteStream(file, { flags: existing === "append" ? "a" : "w" });
  const compressed = file.endsWith(".gz") ? createGzip() : undefined;
  compressed?.pipe(target);
  const sink = compressed ?? target;
  const written = finished(target);
  // A failure surfaces at the next write, or at the end.
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
