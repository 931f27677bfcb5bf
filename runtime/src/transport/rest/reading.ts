/**
 * Reads on from a source that was begun, and returns it also where nobody ever does: a generator that has not started
 * knows nothing of its end.
 */
export class Reading<Chunk> implements AsyncIterableIterator<Chunk> {
  private readonly source: AsyncIterator<unknown>;
  private readonly chunks: AsyncGenerator<Chunk>;
  private started = false;

  constructor(source: AsyncIterator<unknown>, chunks: AsyncGenerator<Chunk>) {
    this.source = source;
    this.chunks = chunks;
  }

  /** Not awaited: a source that is waiting for something only returns when that has come. */
  static release(source: AsyncIterator<unknown>): void {
    source.return?.().catch(() => {});
  }

  [Symbol.asyncIterator](): this {
    return this;
  }

  next(): Promise<IteratorResult<Chunk>> {
    this.started = true;
    return this.chunks.next();
  }

  return(): Promise<IteratorResult<Chunk>> {
    if (!this.started) Reading.release(this.source);
    return this.chunks.return(undefined);
  }
}
