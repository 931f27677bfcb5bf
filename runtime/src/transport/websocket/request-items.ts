/** The size of items that wait for handlers, of all calls of a connection. */
export interface Backlog {
  /** In characters of their frames. */
  size: number;
  readonly limit: number;
}

interface PendingNext {
  resolve(step: IteratorResult<unknown>): void;
  reject(error: unknown): void;
}

const done: IteratorReturnResult<undefined> = { done: true, value: undefined };

/**
 * The requests of a client stream, as a handler reads them. The client may send as many items as it has credit, which grows as the
 * handler reads.
 */
export class RequestItems implements AsyncIterableIterator<unknown> {
  private readonly items: { readonly message: unknown; readonly size: number }[] = [];
  private readonly backlog: Backlog;
  private readonly grant: (items: number) => void;
  private readonly window: number;
  private credit: number;
  /** Items that were read since credit was granted. */
  private read = 0;
  private pending: PendingNext | undefined;
  private failure: { readonly error: unknown } | undefined;
  private state: "open" | "complete" | "over" = "open";

  /** `window`: the credit at the beginning. `grant`: sends credit to the client. */
  constructor(window: number, backlog: Backlog, grant: (items: number) => void) {
    this.window = window;
    this.credit = window;
    this.backlog = backlog;
    this.grant = grant;
  }

  /** Whether the client has ended the stream. */
  get isComplete(): boolean {
    return this.state === "complete";
  }

  /** Whether another item of this size may be added. */
  admits(size: number): boolean {
    return this.credit > 0 && this.backlog.size + size <= this.backlog.limit;
  }

  /** Adds an item of the client. */
  add(message: unknown, size: number): void {
    this.credit--;
    const { pending } = this;
    if (this.state === "over") this.consumed();
    else if (pending !== undefined) {
      this.pending = undefined;
      pending.resolve({ done: false, value: message });
      this.consumed();
    } else {
      this.items.push({ message, size });
      this.backlog.size += size;
    }
  }

  /** The client sends no more items. */
  complete(): void {
    if (this.state === "open") this.state = "complete";
    this.pending?.resolve(done);
    this.pending = undefined;
  }

  /** Ends the stream for its reader: a stream that broke off must not look complete. */
  fail(error: unknown): void {
    if (this.state === "complete" && this.items.length === 0) return;
    this.failure = { error };
    this.discard();
    this.pending?.reject(error);
    this.pending = undefined;
  }

  [Symbol.asyncIterator](): this {
    return this;
  }

  next(): Promise<IteratorResult<unknown>> {
    const first = this.items.shift();
    if (first !== undefined) {
      this.backlog.size -= first.size;
      this.consumed();
      return Promise.resolve({ done: false, value: first.message });
    }
    if (this.failure !== undefined) return Promise.reject(this.failure.error);
    if (this.state !== "open") return Promise.resolve(done);
    return new Promise((resolve, reject) => {
      this.pending = { resolve, reject };
    });
  }

  /** The handler reads no more. Items that still arrive are discarded. */
  return(): Promise<IteratorResult<unknown>> {
    this.discard();
    return Promise.resolve(done);
  }

  private discard(): void {
    this.state = "over";
    for (const { size } of this.items.splice(0)) this.backlog.size -= size;
  }

  /** Grants credit for what was read, half a window at a time. */
  private consumed(): void {
    this.read++;
    if (this.state === "complete" || this.failure !== undefined || this.read * 2 < this.window) return;
    this.credit += this.read;
    this.grant(this.read);
    this.read = 0;
  }
}
