import { onAbort } from "../../async/index.js";

/** Where the chunks of a streamed body come from. */
export interface StreamBodySource<Chunk> {
  /** Resolves with the next chunk, or with undefined at the end. It is called again only after it has settled. */
  pull(): Promise<Chunk | undefined>;
  /** Releases the source of a body that is not read to its end. */
  release(): void;
  /** Ends the body. */
  readonly signal: AbortSignal;
  /** Sent after each `interval` of silence, in milliseconds. Default: nothing is sent. */
  readonly heartbeat?: { readonly interval: number; readonly chunk: Chunk };
}

/**
 * A response body that is read chunk by chunk, as fast as the client takes it. It ends with its signal, and releases its source
 * even if nobody ever reads it; a generator that has not started could not do that.
 */
export class StreamBody<Chunk> implements AsyncIterableIterator<Chunk> {
  private readonly source: StreamBodySource<Chunk>;
  private pending: Promise<Chunk | undefined> | undefined;
  private timer: ReturnType<typeof setTimeout> | undefined;
  private stopListening: (() => void) | undefined;
  private wake: (reason: symbol) => void = () => {};
  private done = false;

  constructor(source: StreamBodySource<Chunk>) {
    this.source = source;
  }

  [Symbol.asyncIterator](): this {
    return this;
  }

  async next(): Promise<IteratorResult<Chunk>> {
    const { source } = this;
    if (source.signal.aborted) this.abandon();
    if (this.done) return end;
    this.stopListening ??= onAbort(source.signal, () => this.abandon());
    this.pending ??= source.pull();
    const waited = new Promise<symbol>((resolve) => {
      this.wake = resolve;
      const { heartbeat } = source;
      if (heartbeat !== undefined) this.timer = setTimeout(resolve, heartbeat.interval, silence);
    });
    let result: Chunk | symbol | undefined;
    try {
      result = await Promise.race([this.pending, waited]);
    } catch (error) {
      if (this.done) return end;
      this.close();
      source.release();
      throw error;
    } finally {
      clearTimeout(this.timer);
    }
    if (this.done) return end;
    if (result === silence) return { done: false, value: source.heartbeat?.chunk as Chunk };
    this.pending = undefined;
    if (result !== undefined) return { done: false, value: result as Chunk };
    this.close();
    return end;
  }

  async return(): Promise<IteratorResult<Chunk>> {
    this.abandon();
    return end;
  }

  /** Ends the body before its source has ended. */
  private abandon(): void {
    if (this.done) return;
    this.close();
    // The result of a pull that is still running is not needed any more.
    this.pending?.catch(() => {});
    this.source.release();
  }

  private close(): void {
    this.done = true;
    this.stopListening?.();
    this.wake(ended);
  }
}

const silence = Symbol("silence");
const ended = Symbol("ended");
const end: IteratorReturnResult<undefined> = { done: true, value: undefined };

/** Returns an iterator to its source, and does not wait: a source returns only after what it is waiting for. */
export function releaseIterator(iterator: AsyncIterator<unknown>): void {
  iterator.return?.().catch(() => {});
}
