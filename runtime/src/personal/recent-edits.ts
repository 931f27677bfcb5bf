/** What identifies an encrypted message: it is decrypted only with this key, for this subject and at this place. */
export interface SealedAs {
  /** The key, by identity: one that left the cache is another object when it is read again. */
  readonly key: object;
  readonly subject: string;
  readonly parts: readonly (string | number)[];
}

interface Entry extends SealedAs {
  readonly bytes: Uint8Array;
  readonly edits: Uint8Array;
}

/** Number of entries, a power of two. */
const size = 4096;
/** Larger messages are not kept: with all entries in use they take at most 8 MiB. */
const largest = 2048;

/**
 * Edits that were encrypted or decrypted recently, so that a process need not decrypt what it has just encrypted, or decrypted
 * before. A message gets its edits only if it is the same in every byte, at the same place, while the same key is cached: what
 * was authenticated then still is. The nonce, which is random, is the address of an entry, and a later entry replaces it.
 */
export class RecentEdits {
  private readonly entries: (Entry | undefined)[] = [];

  /** Keeps the edits of a message. `at`: the offset of the nonce. Neither array may be changed afterwards. */
  keep(bytes: Uint8Array, at: number, edits: Uint8Array, { key, subject, parts }: SealedAs): void {
    if (bytes.length > largest) return;
    if (this.entries.length === 0) for (let i = 0; i < size; i++) this.entries.push(undefined);
    this.entries[addressOf(bytes, at)] = { key, subject, parts, bytes, edits };
  }

  /** Returns the edits of a message; undefined if they are not kept. */
  find(bytes: Uint8Array, at: number, { key, subject, parts }: SealedAs): Uint8Array | undefined {
    const entry = this.entries[addressOf(bytes, at)];
    return entry !== undefined &&
      entry.key === key &&
      entry.subject === subject &&
      isSame(entry.parts, parts) &&
      isSame(entry.bytes, bytes)
      ? entry.edits
      : undefined;
  }

  /** Removes what was encrypted with a key. */
  drop(key: object | undefined): void {
    if (key === undefined) return;
    for (const [i, entry] of this.entries.entries()) if (entry?.key === key) this.entries[i] = undefined;
  }
}

function addressOf(bytes: Uint8Array, at: number): number {
  return (((bytes[at] ?? 0) << 8) | (bytes[at + 1] ?? 0)) & (size - 1);
}

function isSame<T>(a: ArrayLike<T>, b: ArrayLike<T>): boolean {
  if (a === b) return true;
  if (a.length !== b.length) return false;
  for (let i = 0; i < a.length; i++) if (a[i] !== b[i]) return false;
  return true;
}
