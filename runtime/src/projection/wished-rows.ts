import type { RowWriter } from "./types.js";

const done: Promise<void> = Promise.resolve();

/**
 * Notes which rows a handler asks for, and gives none: a handler that waits for one goes no further. So the rows that a
 * batch needs can be read at once, before the handlers run in earnest.
 */
export class WishedRows implements RowWriter {
  readonly keys: string[] = [];

  get(key: unknown): Promise<undefined> {
    this.keys.push(String(key));
    // One of its own for each call: whoever waits for a promise is held by it, so one for all would hold every event.
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
