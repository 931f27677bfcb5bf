import { createHash } from "node:crypto";
import { type BigIntStats, readdirSync, readFileSync, realpathSync, statSync } from "node:fs";
import { join } from "node:path";
import { isCode, isProto, isSkipped, isSource } from "./selection.js";
import type { Watched } from "./watched.js";

/** The digests of files by their absolute paths. Files that are missing have none. */
export type Snapshot = ReadonlyMap<string, string>;

/** The paths whose digests differ, or that only one of two snapshots has. */
export function listDifferences(before: Snapshot, after: Snapshot): readonly string[] {
  const paths = new Set([...before.keys(), ...after.keys()]);
  return [...paths].filter((path) => before.get(path) !== after.get(path)).sort();
}

interface KnownFile {
  /** What a write changes: times, size, inode. */
  readonly stamp: string;
  readonly digest: string;
  /** Whether a later write must have another stamp. */
  readonly isSettled: boolean;
}

/** How much later than its last change a file must be read for its stamp to be trusted: some file systems count in seconds. */
const settled = 3_000_000_000n;

/** Reads snapshots. Files that have not changed since the last one are not read again. */
export class SnapshotReader {
  readonly #known = new Map<string, KnownFile>();

  /** The files that decide what is generated. */
  readContract({ files, protoFolders }: Watched): Snapshot {
    const snapshot = new Map<string, string>();
    for (const path of files) this.#add(snapshot, path);
    for (const folder of protoFolders) {
      for (const path of listFiles(folder, { followsLinks: true })) if (isProto(path)) this.#add(snapshot, path);
    }
    return snapshot;
  }

  /** The code that a command runs, without generated files. */
  readSources(watched: Watched, generated: ReadonlySet<string>): Snapshot {
    const snapshot = new Map<string, string>();
    if (watched.sourceFolder === undefined) return snapshot;
    const isWanted = (path: string): boolean => isSource(path, watched);
    for (const path of listFiles(watched.sourceFolder, { followsLinks: false, isWanted })) {
      if (isCode(path) && !generated.has(path)) this.#add(snapshot, path);
    }
    return snapshot;
  }

  #add(snapshot: Map<string, string>, path: string): void {
    const digest = this.#digest(path);
    if (digest !== undefined) snapshot.set(path, digest);
    else this.#known.delete(path);
  }

  #digest(path: string): string | undefined {
    try {
      const stats = statSync(path, { bigint: true, throwIfNoEntry: false });
      if (!stats?.isFile()) return undefined;
      const stamp = stampOf(stats);
      const known = this.#known.get(path);
      if (known?.stamp === stamp && known.isSettled) return known.digest;
      const now = BigInt(Date.now()) * 1_000_000n;
      const digest = createHash("sha256").update(readFileSync(path)).digest("base64url");
      this.#known.set(path, {
        stamp,
        digest,
        isSettled: now - stats.ctimeNs > settled && now - stats.mtimeNs > settled,
      });
      return digest;
    } catch (error) {
      const { code = "" } = error as NodeJS.ErrnoException;
      // It has gone meanwhile; or it cannot be read, which buf reports.
      return ["ENOENT", "ENOTDIR"].includes(code) ? undefined : code;
    }
  }
}

function stampOf({ mtimeNs, ctimeNs, size, ino, dev }: BigIntStats): string {
  return [mtimeNs, ctimeNs, size, ino, dev].join(" ");
}

interface Walk {
  /** Whether links to folders are followed. */
  readonly followsLinks: boolean;
  readonly isWanted?: (path: string) => boolean;
}

/** Lists the files below a folder, without hidden ones and those of packages. What cannot be read is left out. */
function listFiles(folder: string, { followsLinks, isWanted = () => true }: Walk): readonly string[] {
  const files: string[] = [];
  const seen = new Set<string>();
  visit(folder);
  return files;

  function visit(at: string): void {
    try {
      if (followsLinks) {
        const real = realpathSync(at);
        if (seen.has(real)) return;
        seen.add(real);
      }
      for (const entry of readdirSync(at, { withFileTypes: true })) {
        const path = join(at, entry.name);
        if (isSkipped(entry.name) || !isWanted(path)) continue;
        if (entry.isDirectory() || (followsLinks && entry.isSymbolicLink() && isFolder(path))) visit(path);
        else files.push(path);
      }
    } catch {
      return;
    }
  }
}

function isFolder(path: string): boolean {
  return statSync(path, { throwIfNoEntry: false })?.isDirectory() ?? false;
}
