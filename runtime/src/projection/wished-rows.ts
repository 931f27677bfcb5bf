import type { Rows } from "./types.js";

const done: Promise<void> = Promise.resolve();
const never: Promise<never> = new Promise(() => {});

/**
 * Notes which rows a handler asks for, and gives none: a handler that waits for one goes no further. So the rows that a
 * batch needs can be read at once, before the handlers run in earnest.
 */
export class WishedRows implements Rows {
  readonly keys: string[] = [];

  get(key: unknown): Promise<undefined> {
    this.keys.push(String(key));
    return never;
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
