import { readdirSync } from "node:fs";
import { join, sep } from "node:path";
import { CliError } from "../cli-error.js";
import { FileDigests } from "./file-digests.js";
import { digestOf, type Manifest, manifestName, readManifest } from "./manifest.js";

/** What a run changes in a folder of generated files. Paths are below the folder, with slashes. */
export interface FolderPlan {
  /** The absolute path of the folder. */
  readonly folder: string;
  /** The files whose bytes differ or that are missing. */
  readonly writes: ReadonlyMap<string, Uint8Array>;
  /** Those of them that somebody has changed since they were generated. */
  readonly restored: readonly string[];
  /** How many files are as they should be. */
  readonly unchanged: number;
  /** Files that are generated no longer, and unchanged since. */
  readonly deletes: readonly string[];
  /** Files that are generated no longer but have been changed by hand. */
  readonly kept: readonly string[];
  readonly manifest: Manifest;
  /** The digests of the files that the folder has afterwards and the manifest lists. */
  readonly next: ReadonlyMap<string, string>;
}

/**
 * Compares the files that a folder should have with those that it has. `isOurs` limits what may become stale to some of the files, as
 * for a run of some plugins. `digests`: what is known of the files on disk.
 */
export function planFolder(
  folder: string,
  files: ReadonlyMap<string, Uint8Array>,
  isOurs: (name: string) => boolean = () => true,
  digests: FileDigests = new FileDigests(),
): FolderPlan {
  const manifest = readManifest(folder);
  const writes = new Map<string, Uint8Array>();
  const restored: string[] = [];
  const next = new Map<string, string>();
  for (const [name, bytes] of files) {
    const digest = digestOnce(bytes);
    next.set(name, digest);
    const found = readDigest(folder, name, digests);
    if (found === digest) continue;
    writes.set(name, bytes);
    if (found !== undefined && isListed(manifest, name) && !isWritten(manifest, name, found)) restored.push(name);
  }
  const deletes: string[] = [];
  const kept: string[] = [];
  for (const name of new Set([...manifest.files.keys(), ...manifest.writing.keys()])) {
    if (next.has(name)) continue;
    const found = readDigest(folder, name, digests);
    if (found === undefined) continue;
    if (!isOurs(name)) next.set(name, isWritten(manifest, name, found) ? found : listedDigest(manifest, name));
    else if (isWritten(manifest, name, found)) deletes.push(name);
    else {
      kept.push(name);
      next.set(name, listedDigest(manifest, name));
    }
  }
  const unchanged = files.size - writes.size;
  return { folder, writes, restored, unchanged, deletes, kept, manifest, next };
}

/**
 * The files in the folder of a plan that no run has written: those of users, and of other generators. `folders`: all folders of
 * generated files; what is in one of them is not foreign to another one around it.
 */
export function listForeign({ folder, next, manifest }: FolderPlan, folders: readonly string[]): readonly string[] {
  const inner = folders.filter((one) => one.startsWith(folder + sep)).map((one) => toName(one, folder));
  return listFiles(folder).filter(
    (name) =>
      !next.has(name) &&
      !isListed(manifest, name) &&
      name !== manifestName &&
      !inner.some((one) => name.startsWith(`${one}/`)),
  );
}

function listedDigest({ files, writing }: Manifest, name: string): string {
  return files.get(name) ?? writing.get(name) ?? "";
}

function isListed({ files, writing }: Manifest, name: string): boolean {
  return files.has(name) || writing.has(name);
}

/** Whether a file has bytes that a run of potter has written. */
function isWritten({ files, writing }: Manifest, name: string, digest: string): boolean {
  return files.get(name) === digest || writing.get(name) === digest;
}

const known = new WeakMap<Uint8Array, string>();

/** A watcher has most files from an earlier run, as the same bytes. */
function digestOnce(bytes: Uint8Array): string {
  const digest = known.get(bytes) ?? digestOf(bytes);
  known.set(bytes, digest);
  return digest;
}

function readDigest(folder: string, name: string, digests: FileDigests): string | undefined {
  try {
    return digests.read(join(folder, name));
  } catch (error) {
    throw new CliError(
      `cannot read ${join(folder, name)}, which is generated: ${(error as NodeJS.ErrnoException).message}`,
    );
  }
}

function listFiles(folder: string): readonly string[] {
  try {
    return readdirSync(folder, { recursive: true, withFileTypes: true })
      .filter((entry) => entry.isFile() && !isTemporary(entry.name))
      .map((entry) => toName(join(entry.parentPath, entry.name), folder));
  } catch {
    return [];
  }
}

/** The path of a file below a folder, with slashes. */
function toName(path: string, folder: string): string {
  return path.slice(folder.length + 1).replaceAll("\\", "/");
}

/** The temporary file beside a file that is being written. */
export function temporaryOf(name: string): string {
  const at = name.lastIndexOf("/") + 1;
  return `${name.slice(0, at)}.${name.slice(at)}.potter-tmp`;
}

function isTemporary(name: string): boolean {
  return name.startsWith(".") && name.endsWith(".potter-tmp");
}
