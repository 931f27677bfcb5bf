import { existsSync, mkdirSync, renameSync, rmdirSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { attempt } from "./attempt.js";
import { manifestName, printManifest } from "./manifest.js";
import { type FolderPlan, temporaryOf } from "./plan-folder.js";

/**
 * Carries out a plan. Each file is replaced by a rename, so that a reader finds it old or new, and keeps its time if nothing changes.
 * The manifest says first what is being written and last what is there, so that a run after an interrupted one knows which files are
 * generated. Throws a CliError that names the file which cannot be written.
 */
export function applyPlan(plan: FolderPlan, version: string): void {
  const { folder, writes, deletes, manifest, next } = plan;
  for (const name of manifest.writing.keys()) remove(folder, temporaryOf(name));
  remove(folder, temporaryOf(manifestName));
  const text = printManifest(version, next);
  const isChanged =
    writes.size > 0 || deletes.length > 0 || manifest.writing.size > 0 || !sameEntries(manifest.files, next);
  if (!isChanged) return;
  const writing = new Map([...writes.keys()].map((name) => [name, next.get(name) ?? ""]));
  // What an interrupted run has written, and this one will not.
  for (const [name, digest] of manifest.writing) if (!writing.has(name) && !next.has(name)) writing.set(name, digest);
  write(folder, manifestName, printManifest(version, new Map([...next, ...manifest.files]), writing));

  const early = new Set(deletes.filter((name) => isInTheWay(name, writes)));
  for (const name of early) removeStale(folder, name);
  for (const [name, bytes] of writes) write(folder, name, bytes);
  for (const name of deletes) if (!early.has(name)) removeStale(folder, name);
  write(folder, manifestName, text);
}

/** Whether a stale file is where a new one needs a folder, or differs from one in case only, which some file systems ignore. */
function isInTheWay(stale: string, writes: ReadonlyMap<string, Uint8Array>): boolean {
  const lower = stale.toLowerCase();
  return [...writes.keys()].some((name) => {
    const other = name.toLowerCase();
    return other === lower || other.startsWith(`${lower}/`) || lower.startsWith(`${other}/`);
  });
}

function sameEntries(a: ReadonlyMap<string, string>, b: ReadonlyMap<string, string>): boolean {
  return a.size === b.size && [...a].every(([name, digest]) => b.get(name) === digest);
}

function write(folder: string, name: string, content: Uint8Array | string): void {
  const path = join(folder, name);
  const temporary = join(folder, temporaryOf(name));
  attempt("write", path, () => {
    mkdirSync(dirname(path), { recursive: true });
    writeFileSync(temporary, content);
    renameSync(temporary, path);
  });
}

function remove(folder: string, name: string): void {
  const path = join(folder, name);
  if (existsSync(path)) attempt("delete", path, () => rmSync(path, { force: true }));
}

/** Removes a file, and the folders that become empty. */
function removeStale(folder: string, name: string): void {
  remove(folder, name);
  for (let at = dirname(name); at !== "."; at = dirname(at)) {
    try {
      rmdirSync(join(folder, at));
    } catch {
      return;
    }
  }
}
