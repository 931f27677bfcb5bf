import { type Envelope, prefixLength, readLength, truncated } from "./envelope.js";

/** Splits the chunks of a body into envelopes, however they are cut. Holds at most one envelope and one chunk. */
export class EnvelopeReader {
  private readonly chunks: AsyncIterator<Uint8Array>;
  private readonly limit: number;
  private buffer: Uint8Array = nothing;
  private start = 0;

  /** `limit`: the largest message, in bytes. */
  constructor(chunks: AsyncIterator<Uint8Array>, limit: number) {
    this.chunks = chunks;
    this.limit = limit;
  }

  /** Resolves with the next envelope, or undefined at the end. Rejects with a PotterError for a truncated or too large one. */
  async read(): Promise<Envelope | undefined> {
    if (!(await this.fill(prefixLength))) {
      if (this.available > 0) throw truncated();
      return undefined;
    }
    const length = readLength(this.buffer, this.start, this.limit);
    if (!(await this.fill(prefixLength + length))) throw truncated();
    const { buffer, start } = this;
    const from = start + prefixLength;
    this.start = from + length;
    return { flags: buffer[start] as number, data: buffer.subarray(from, this.start) };
  }

  /** Discards the rest of the body. */
  async return(): Promise<void> {
    this.buffer = nothing;
    await this.chunks.return?.();
  }

  private get available(): number {
    return this.buffer.length - this.start;
  }

  /** Reads until `size` bytes are available. Resolves with false if the body ends before. */
  private async fill(size: number): Promise<boolean> {
    if (this.available >= size) return true;
    const parts = this.available > 0 ? [this.buffer.subarray(this.start)] : [];
    let length = this.available;
    while (length < size) {
      const { done, value } = await this.chunks.next();
      if (done === true) break;
      parts.push(value);
      length += value.length;
    }
    this.buffer = parts.length === 1 && parts[0] !== undefined ? parts[0] : concat(parts, length);
    this.start = 0;
    return length >= size;
  }
}

const nothing = new Uint8Array(0);

function concat(parts: readonly Uint8Array[], length: number): Uint8Array {
  const whole = new Uint8Array(length);
  let at = 0;
  for (const part of parts) {
    whole.set(part, at);
    at += part.length;
  }
  return whole;
}
