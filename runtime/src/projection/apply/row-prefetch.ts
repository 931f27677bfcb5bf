import type { RowWriter } from "../declaration/index.js";

const done: Promise<void> = Promise.resolve();

/**
 * Records which rows a handler reads, and returns none: a handler that awaits one stops there. So the rows that a batch needs
 * can be read together, before the handlers run on the transaction.
 */
export class RowPrefetch implements RowWriter {
  readonly keys: string[] = [];

  get(key: unknown): Promise<undefined> {
    this.keys.push(String(key));
    // A new promise for each call: a promise retains what awaits it, so a shared one would retain every event.
    return new Promise(() => {});
  }

  update(key: unknown): Promise<void> {
    this.keys.push(String(key));
    return done;
  }

  upsert(): Promise<void> {
    return done;
  }

  delete(): Promise<void> {
    return done;
  }
}
