import { queueMacrotask } from "../../async/index.js";

/** What items are requested from. */
export interface ItemSource {
  /** Requests an item, and then calls one of both functions, once. */
  pull(take: (step: IteratorResult<unknown>) => void, fail: (error: unknown) => void): void;
  /** Releases it. */
  return?(): Promise<unknown>;
}

/** Where the items of a response come from and go to. */
export interface ResponseItemsOptions {
  readonly source: ItemSource;
  /** Sends an item. Returns a promise if it waits for the client. */
  send(item: unknown): Promise<void> | undefined;
  /** Items that may be sent before more credit comes. */
  readonly credit: number;
  /** The source has ended, by itself, after `stop`, or with an error. Called once. */
  ended(failure?: { readonly error: unknown }): void;
}

/** Number of items that are sent before other work of the process has a turn: a source that never waits would not let it. */
const turn = 64;

const maxCredit = 2 ** 31 - 1;

/**
 * Sends the items of a response, each when the client has granted credit and can receive it. Uses callbacks, since an async loop
 * would cost several promises for each item.
 */
export class ResponseItems {
  private readonly options: ResponseItemsOptions;
  private credit: number;
  private isWaiting = false;
  private isOver = false;
  private sent = 0;

  constructor(options: ResponseItemsOptions) {
    this.options = options;
    this.credit = options.credit;
    this.pull();
  }

  /** Grants more items. */
  grant(items: number): void {
    // Without a limit it stays so.
    if (this.credit !== Number.POSITIVE_INFINITY) this.credit = Math.min(this.credit + items, maxCredit);
    if (!this.isWaiting) return;
    this.isWaiting = false;
    this.pull();
  }

  /** Sends nothing more, and releases the source. */
  stop(): void {
    if (this.isOver) return;
    this.isOver = true;
    const returned = this.options.source.return?.();
    const end = (): void => this.options.ended();
    if (returned === undefined) end();
    // A failure after the end is a consequence of it.
    else returned.then(end, end);
  }

  private pull(): void {
    if (this.isOver) return;
    if (this.credit === 0) {
      this.isWaiting = true;
      return;
    }
    try {
      this.options.source.pull(this.take, this.fail);
    } catch (error) {
      this.abandon(error);
    }
  }

  private abandon(error: unknown): void {
    this.isOver = true;
    this.options.source.return?.().catch(() => {});
    this.options.ended({ error });
  }

  private readonly take = (step: IteratorResult<unknown>): void => {
    if (this.isOver) return;
    if (step.done === true) {
      this.isOver = true;
      this.options.ended();
      return;
    }
    // Not by `catch`, which would create one more promise for each item.
    try {
      this.credit--;
      const wait = this.options.send(step.value);
      if (wait !== undefined) wait.then(this.next, this.fail);
      else if (++this.sent % turn === 0) queueMacrotask(this.next);
      else this.pull();
    } catch (error) {
      this.abandon(error);
    }
  };

  private readonly next = (): void => this.pull();

  private readonly fail = (error: unknown): void => {
    if (this.isOver) return;
    this.isOver = true;
    this.options.ended({ error });
  };
}
