/** Receives an item of an iterator, or its end. */
export type Pass<Item> = (step: IteratorResult<Item>) => void;
/** Receives the error of an iterator. */
export type Fail = (error: unknown) => void;

/** An async iterator that can also pass its items to functions, which costs no promises. */
export abstract class PullIterator<Item> implements AsyncIterableIterator<Item> {
  [Symbol.asyncIterator](): this {
    return this;
  }

  next(): Promise<IteratorResult<Item>> {
    return new Promise((resolve, reject) => this.pull(resolve, reject));
  }

  /** Does what `next().then(pass, fail)` does, but within this call if the item is there. The functions throw nothing. */
  abstract pull(pass: Pass<Item>, fail: Fail): void;

  abstract return(): Promise<IteratorReturnResult<undefined>>;
}

/** Passes the next item of any iterator, or its end, or its error. */
export function pullNext<Item>(iterator: AsyncIterator<Item>, pass: Pass<Item>, fail: Fail): void {
  try {
    if (iterator instanceof PullIterator) iterator.pull(pass, fail);
    else Promise.resolve(iterator.next()).then(pass, fail);
  } catch (error) {
    // An iterator of a user may throw.
    fail(error);
  }
}
