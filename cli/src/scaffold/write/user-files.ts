import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";

/** The TypeScript files of a project. */
export interface UserFiles {
  /** The bytes that were read, by path relative to the project with `/`. */
  readonly bytes: ReadonlyMap<string, Uint8Array>;
  /** Their texts, without a byte order mark. */
  readonly texts: ReadonlyMap<string, string>;
  /** Paths of files that cannot be read, and why. */
  readonly unreadable: ReadonlyMap<string, string>;
}

const mark = "\u{feff}";

/**
 * Reads the TypeScript files below a folder: without those of packages, of hidden folders, of the given folders, and
 * declaration files. Links to folders are not followed.
 */
export async function readUserFiles(root: string, without: readonly string[]): Promise<UserFiles> {
  const bytes = new Map<string, Uint8Array>();
  const texts = new Map<string, string>();
  const unreadable = new Map<string, string>();
  await visit("");
  return { bytes, texts, unreadable };

  async function visit(folder: string): Promise<void> {
    const entries = await readdir(join(root, folder), { withFileTypes: true }).catch((error: unknown) => {
      unreadable.set(folder === "" ? "." : folder, codeOf(error));
      return [];
    });
    for (const entry of entries.sort((a, b) => (a.name < b.name ? -1 : 1))) {
      const path = folder === "" ? entry.name : `${folder}/${entry.name}`;
      if (entry.isDirectory()) {
        const isOwn = entry.name !== "node_modules" && !entry.name.startsWith(".") && !without.includes(path);
        if (isOwn) await visit(path);
      } else if (/(?<!\.d)\.(?:ts|tsx|mts|cts)$/.test(entry.name) && !entry.name.startsWith(".")) await read(path);
    }
  }

  async function read(path: string): Promise<void> {
    try {
      const content = await readFile(join(root, path));
      const text = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(content);
      bytes.set(path, content);
      texts.set(path, text.startsWith(mark) ? text.slice(mark.length) : text);
    } catch (error) {
      unreadable.set(path, error instanceof TypeError ? "it is not UTF-8" : codeOf(error));
    }
  }
}

/** Returns the bytes of a text, with the byte order mark of the old bytes. */
export function toBytes(text: string, old: Uint8Array): Uint8Array {
  const hasMark = old[0] === 0xef && old[1] === 0xbb && old[2] === 0xbf;
  return new TextEncoder().encode(hasMark ? mark + text : text);
}

function codeOf(error: unknown): string {
  return (error as NodeJS.ErrnoException).code ?? String(error);
}
