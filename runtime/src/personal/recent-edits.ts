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

/** Number of addresses, a power of two. Each has two entries. */
const addresses = 4096;
/** Larger messages are not kept: with all entries in use they take at most 8 MiB. */
const largest = 1024;

/**
 * Edits that were encrypted or decrypted recently, so that a process need not decrypt what it has just encrypted, or decrypted
 * before. A message gets its edits only if it is the same in every byte, at the same place, while the same key is cached: what
 * was authenticated then still is. The address is a part of the nonce, which is random; the second next message of an address
 * replaces the first.
 */
export class RecentEdits {
  private readonly entries: (Entry | undefined)[] = [];
  private readonly keeps: boolean;

  /** `keeps`: false where keys are not cached either. */
  constructor(keeps: boolean) {
    this.keeps = keeps;
  }

  /** Keeps the edits of a message. `at`: the offset of the nonce. Neither array may be changed afterwards. */
  keep(bytes: Uint8Array, at: number, edits: Uint8Array, { key, subject, parts }: SealedAs): void {
    if (!this.keeps || bytes.length > largest) return;
    const { entries } = this;
    if (entries.length === 0) for (let i = 0; i < 2 * addresses; i++) entries.push(undefined);
    const first = addressOf(bytes, at);
    entries[first + 1] = entries[first];
    entries[first] = { key, subject, parts, bytes, edits };
  }

  /** Returns the edits of a message; undefined if they are not kept. */
  find(bytes: Uint8Array, at: number, as: SealedAs): Uint8Array | undefined {
    const first = addressOf(bytes, at);
    const { [first]: one, [first + 1]: other } = this.entries;
    if (one !== undefined && isOf(one, bytes, as)) return one.edits;
    return other !== undefined && isOf(other, bytes, as) ? other.edits : undefined;
  }

  /** Removes what was encrypted with a key. */
  drop(key: object | undefined): void {
    if (key === undefined) return;
    for (const [i, entry] of this.entries.entries()) if (entry?.key === key) this.entries[i] = undefined;
  }
}

function isOf(entry: Entry, bytes: Uint8Array, { key, subject, parts }: SealedAs): boolean {
  return (
    entry.key === key && entry.subject === subject && isSameText(entry.parts, parts) && isSameBytes(entry.bytes, bytes)
  );
}

/** The offset of the first entry of an address. */
function addressOf(bytes: Uint8Array, at: number): number {
  return 2 * ((((bytes[at] ?? 0) << 8) | (bytes[at + 1] ?? 0)) & (addresses - 1));
}

/** A function for each kind of list: one for both would be slow for either. */
function isSameText(a: SealedAs["parts"], b: SealedAs["parts"]): boolean {
  return a.length === b.length && a.every((part, i) => part === b[i]);
}

function isSameBytes(a: Uint8Array, b: Uint8Array): boolean {
  const { length } = a;
  if (b.length !== length) return false;
  for (let i = 0; i < length; i++) if (a[i] !== b[i]) return false;
  return true;
}
