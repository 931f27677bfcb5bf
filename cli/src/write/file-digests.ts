import { type BigIntStats, readFileSync, statSync } from "node:fs";
import { digestOf } from "./manifest.js";

interface KnownFile {
  /** What a write changes: times, size, inode. */
  readonly stamp: string;
  readonly digest: string;
  /** Whether a later write must have another stamp. */
  readonly isSettled: boolean;
}

/** How much later than its last change a file must be read for its stamp to be trusted: some file systems count in seconds. */
const settled = 3_000_000_000n;

/** The digests of files on disk. A file that has not changed since it was last asked for is not read again. */
export class FileDigests {
  readonly #known = new Map<string, KnownFile>();

  /** The digest of a file; undefined if there is none. Throws the error of the file system if it cannot be read. */
  read(path: string): string | undefined {
    const digest = this.#read(path);
    if (digest === undefined) this.#known.delete(path);
    return digest;
  }

  #read(path: string): string | undefined {
    try {
      const stats = statSync(path, { bigint: true, throwIfNoEntry: false });
      if (!stats?.isFile()) return undefined;
      const stamp = stampOf(stats);
      const known = this.#known.get(path);
      if (known?.stamp === stamp && known.isSettled) return known.digest;
      const now = BigInt(Date.now()) * 1_000_000n;
      const digest = digestOf(readFileSync(path));
      const isSettled = now - stats.ctimeNs > settled && now - stats.mtimeNs > settled;
      this.#known.set(path, { stamp, digest, isSettled });
      return digest;
    } catch (error) {
      // It has gone meanwhile.
      if (["ENOENT", "ENOTDIR", "EISDIR"].includes((error as NodeJS.ErrnoException).code ?? "")) return undefined;
      throw error;
    }
  }
}

function stampOf({ mtimeNs, ctimeNs, size, ino, dev }: BigIntStats): string {
  return [mtimeNs, ctimeNs, size, ino, dev].join(" ");
}
