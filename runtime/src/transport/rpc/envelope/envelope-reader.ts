import { type Fail, type Pass, PullIterator, pullNext } from "../../../async/index.js";
import { type Envelope, type EnvelopeRules, prefixLength, readLength, truncated } from "./envelope.js";

/** Splits the chunks of a body into envelopes, however they are cut. Holds at most one envelope and one chunk. */
export class EnvelopeReader extends PullIterator<Envelope> {
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
  /** How many bytes must have arrived before more can be read. */
  private wanted = prefixLength;
  private pass: Pass<Envelope> = ignore;
  private fail: Fail = ignore;
  // A function of the object, so that a chunk needs none of its own.
  private readonly arrive = ({ done, value }: IteratorResult<Uint8Array>): void => {
    if (done !== true) {
      this.add(value);
      this.serve();
    } else if (this.end > this.start) {
      this.fail(truncated(this.rules));
    } else {
      this.pass({ done, value });
    }
  };

  constructor(chunks: AsyncIterator<Uint8Array>, rules: EnvelopeRules) {
    super();
    this.chunks = chunks;
    this.rules = rules;
  }

  /** Passes the next envelope, or a PotterError for a truncated or too large one. */
  pull(pass: Pass<Envelope>, fail: Fail): void {
    this.pass = pass;
    this.fail = fail;
    this.serve();
  }

  /** Returns the next envelope if it has arrived whole. Throws a PotterError for a too large one. */
  take(): Envelope | undefined {
    const { buffer, start } = this;
    const held = this.end - start;
    const size = held < prefixLength ? prefixLength : prefixLength + readLength(buffer, start, this.rules);
    if (held < size) {
      this.wanted = size;
      return undefined;
    }
    this.start = start + size;
    this.size += size;
    return { flags: buffer[start] as number, data: buffer.subarray(start + prefixLength, this.start) };
  }

  /** Discards the rest of the body. */
  async return(): Promise<IteratorReturnResult<undefined>> {
    this.buffer = nothing;
    this.start = 0;
    this.end = 0;
    await this.chunks.return?.();
    return { done: true, value: undefined };
  }

  /** Passes the envelope if it has arrived; otherwise requests a chunk. */
  private serve(): void {
    let envelope: Envelope | undefined;
    try {
      envelope = this.take();
    } catch (error) {
      this.fail(error);
      return;
    }
    if (envelope === undefined) pullNext(this.chunks, this.arrive, this.fail);
    else this.pass({ done: false, value: envelope });
  }

  private add(chunk: Uint8Array): void {
    if (this.end > this.start) {
      this.append(chunk);
    } else {
      this.buffer = chunk;
      this.start = 0;
      this.end = chunk.length;
    }
  }

  /** Copied into one buffer, which grows with what arrives: a client may send each byte as a chunk, and none at all. */
  private append(chunk: Uint8Array): void {
    const { wanted } = this;
    const held = this.end - this.start;
    const length = held + chunk.length;
    if (this.collected !== this.buffer || this.start + length > this.buffer.length) {
      const grown = new Uint8Array(Math.max(length, Math.min(wanted, 2 * held), smallest));
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

function ignore(): void {}

const nothing = new Uint8Array(0);
const smallest = 256;
