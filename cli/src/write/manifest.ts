import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import { join } from "node:path";

/** The file in each folder of generated files that lists them. */
export const manifestName = ".potter-manifest.json";

/** The generated files of a folder, as the last run has left them. */
export interface Manifest {
  /** The digest of each file, by its path. */
  readonly files: ReadonlyMap<string, string>;
  /** What an interrupted run was about to write. Such a file may be old or new. */
  readonly writing: ReadonlyMap<string, string>;
}

/** The digest of the bytes of a file. */
export function digestOf(bytes: Uint8Array): string {
  return createHash("sha256").update(bytes).digest("base64url");
}

/** Reads the manifest of a folder. One that is missing or unreadable lists nothing. */
export function readManifest(folder: string): Manifest {
  try {
    const { files, writing } = JSON.parse(readFileSync(join(folder, manifestName), "utf8")) as Partial<ManifestText>;
    return { files: toMap(files), writing: toMap(writing) };
  } catch {
    return { files: new Map(), writing: new Map() };
  }
}

/**
 * The text of a manifest. Its digest is that of all files together: a folder whose manifest has one is complete. While a run
 * writes, `writing` takes its place.
 */
export function printManifest(
  version: string,
  files: ReadonlyMap<string, string>,
  writing?: ReadonlyMap<string, string>,
): string {
  const sorted = sortedObject(files);
  const text: ManifestText = {
    about:
      "Written by potter generate. It lists the generated files of this folder, so that stale ones can be deleted.",
    version,
    ...(writing === undefined
      ? { digest: digestOf(new TextEncoder().encode(JSON.stringify(sorted))) }
      : { writing: sortedObject(writing) }),
    files: sorted,
  };
  return `${JSON.stringify(text, undefined, 2)}\n`;
}

interface ManifestText {
  readonly about: string;
  readonly version: string;
  readonly digest?: string;
  readonly writing?: Readonly<Record<string, string>>;
  readonly files: Readonly<Record<string, string>>;
}

function sortedObject(map: ReadonlyMap<string, string>): Readonly<Record<string, string>> {
  return Object.fromEntries([...map].sort(([a], [b]) => (a < b ? -1 : 1)));
}

function toMap(value: unknown): ReadonlyMap<string, string> {
  if (typeof value !== "object" || value === null) return new Map();
  return new Map(Object.entries(value).filter((entry): entry is [string, string] => typeof entry[1] === "string"));
}
