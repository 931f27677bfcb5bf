import { type Envelope, type EnvelopeRules, prefixLength, readLength, truncated } from "./envelope.js";

/** Splits the chunks of a body into envelopes, however they are cut. Holds at most one envelope and one chunk. */
export class EnvelopeReader {
  /** How many bytes were read, prefixes included. */
  size = 0;
  private readonly chunks: AsyncIterator<Uint8Array>;
  private readonly rules: EnvelopeRules;
  /** What has arrived and is not read: the bytes from `start` to `end` of a chunk, or of a buffer that collects chunks. */
  private buffer: Uint8Array = nothing;
  private start = 0;
  private end = 0;
  /** The buffer that this reader has created and may append to. Envelopes that were read are parts of it. */
  private collected: Uint8Array | undefined;

  constructor(chunks: AsyncIterator<Uint8Array>, rules: EnvelopeRules) {
    this.chunks = chunks;
    this.rules = rules;
  }

  /** Resolves with the next envelope, or undefined at the end. Rejects with a PotterError for a truncated or too large one. */
  async read(): Promise<Envelope | undefined> {
    if (this.end - this.start < prefixLength && !(await this.fill(prefixLength))) {
      if (this.end > this.start) throw truncated(this.rules);
      return undefined;
    }
    const size = prefixLength + readLength(this.buffer, this.start, this.rules);
    if (this.end - this.start < size && !(await this.fill(size))) throw truncated(this.rules);
    return this.take();
  }

  /** Returns the next envelope if it has arrived whole. Throws a PotterError for a too large one. */
  take(): Envelope | undefined {
    const { buffer, start } = this;
    const held = this.end - start;
    if (held < prefixLength) return undefined;
    const size = prefixLength + readLength(buffer, start, this.rules);
    if (held < size) return undefined;
    this.start = start + size;
    this.size += size;
    return { flags: buffer[start] as number, data: buffer.subarray(start + prefixLength, this.start) };
  }

  /** Discards the rest of the body. */
  async return(): Promise<void> {
    this.buffer = nothing;
    this.start = 0;
    this.end = 0;
    await this.chunks.return?.();
  }

  /** Reads until `size` bytes have arrived. Resolves with false if the body ends before. */
  private async fill(size: number): Promise<boolean> {
    while (this.end - this.start < size) {
      const { done, value } = await this.chunks.next();
      if (done === true) return false;
      if (this.end === this.start) {
        this.buffer = value;
        this.start = 0;
        this.end = value.length;
      } else {
        this.append(value, size);
      }
    }
    return true;
  }

  /** Copied into one buffer, which grows with what arrives: a client may send each byte as a chunk, and none at all. */
  private append(chunk: Uint8Array, size: number): void {
    const held = this.end - this.start;
    const length = held + chunk.length;
    if (this.collected !== this.buffer || this.start + length > this.buffer.length) {
      const grown = new Uint8Array(Math.max(length, Math.min(size, 2 * held), smallest));
      grown.set(this.buffer.subarray(this.start, this.end));
      this.buffer = grown;
      this.collected = grown;
      this.start = 0;
      this.end = held;
    }
    this.buffer.set(chunk, this.end);
    this.end += chunk.length;
  }
}

const nothing = new Uint8Array(0);
const smallest = 256;
