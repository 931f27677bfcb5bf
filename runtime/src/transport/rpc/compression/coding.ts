/** A compression of messages, by the name that headers use. */
export interface Coding {
  readonly name: CodingName;
  /** Compresses a message. */
  compress(bytes: Uint8Array): Promise<Uint8Array>;
  /** Rejects with a TooLarge above `limit` bytes, and with another error for bytes that are not of this coding. */
  decompress(bytes: Uint8Array, limit: number): Promise<Uint8Array>;
}

/** The compressions that clients use. */
export type CodingName = "gzip" | "br";

/** What was inflated is larger than the limit. */
export class TooLarge extends Error {}
