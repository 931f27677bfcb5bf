import { readdirSync, realpathSync, statSync } from "node:fs";
import { join } from "node:path";
import { FileDigests } from "../../write/index.js";
import { isCode, isProto, isSkipped, isSource } from "./selection.js";
import type { Watched } from "./watched.js";

/** The digests of files by their absolute paths. Files that are missing have none. */
export type Snapshot = ReadonlyMap<string, string>;

/** The paths whose digests differ, or that only one of two snapshots has. */
export function listDifferences(before: Snapshot, after: Snapshot): readonly string[] {
  const paths = new Set([...before.keys(), ...after.keys()]);
  return [...paths].filter((path) => before.get(path) !== after.get(path)).sort();
}

/** Reads snapshots. Files that have not changed since the last one are not read again. */
export class SnapshotReader {
  readonly #digests = new FileDigests();

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
  }

  #digest(path: string): string | undefined {
    try {
      return this.#digests.read(path);
    } catch (error) {
      // It cannot be read, which buf reports.
      return (error as NodeJS.ErrnoException).code ?? "";
    }
  }
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
