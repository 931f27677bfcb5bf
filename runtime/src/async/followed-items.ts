import { type Fail, type Pass, PullIterator, pullNext } from "./pull-iterator.js";

/** What happens with the items of an iterable as they are passed on. */
export interface ItemHooks<Item, Passed> {
  /** Called when the first item is requested. */
  begin?(): void;
  /** Returns what is passed on in place of an item. An error ends the iteration. */
  map?(item: Item): Passed;
  /** Called when the iteration ends, fails or is abandoned, or several of these. */
  end?(): void;
}

/** Passes the items of another iterable on. Adds no promise to those that an item costs anyway. */
export class FollowedItems<Item, Passed = Item> extends PullIterator<Passed> {
  /** What is followed. May be replaced before the first item is requested. */
  items: AsyncIterable<Item>;
  private readonly hooks: ItemHooks<Item, Passed>;
  private iterator: AsyncIterator<Item> | undefined;
  private failure: { readonly error: unknown } | undefined;
  /** What receives the items that were requested, in their order. */
  private readonly pending: (readonly [pass: Pass<Passed>, fail: Fail])[] = [];
  // Functions of the object, so that an item needs none of its own.
  private readonly passNext = (step: IteratorResult<Item>): void => {
    const { map } = this.hooks;
    let passed = step as IteratorResult<Passed>;
    try {
      if (step.done === true) this.hooks.end?.();
      else if (map !== undefined) passed = { done: false, value: map(step.value) };
    } catch (error) {
      this.fail(error);
      return;
    }
    this.pending.shift()?.[0](passed);
  };
  private readonly failNext = (error: unknown): void => {
    this.hooks.end?.();
    this.pending.shift()?.[1](error);
  };

  constructor(items: AsyncIterable<Item>, hooks: ItemHooks<Item, Passed>) {
    super();
    this.items = items;
    this.hooks = hooks;
  }

  pull(pass: Pass<Passed>, fail: Fail): void {
    if (this.iterator === undefined) {
      this.iterator = open(this.items);
      this.hooks.begin?.();
    }
    if (this.failure !== undefined) {
      fail(this.failure.error);
      return;
    }
    this.pending.push([pass, fail]);
    pullNext(this.iterator, this.passNext, this.failNext);
  }

  async return(): Promise<IteratorReturnResult<undefined>> {
    // First, since the source may be producing an item and wait for what this aborts.
    this.hooks.end?.();
    if (this.failure === undefined) await this.iterator?.return?.();
    return { done: true, value: undefined };
  }

  /** Ends the iteration with an error, whatever the source does. */
  fail(error: unknown): void {
    this.failure = { error };
    this.hooks.end?.();
    for (const [, fail] of this.pending.splice(0)) fail(error);
    // Not awaited, since it may hang.
    Promise.resolve(this.iterator?.return?.()).catch(() => {});
  }
}

/** A handler may also return what only a loop accepts, such as a list. */
function open<Item>(items: AsyncIterable<Item> & { [Symbol.iterator]?(): unknown }): AsyncIterator<Item> {
  return (items[Symbol.asyncIterator] ?? (items[Symbol.iterator] as never)).call(items);
}

/** Returns the items as a function converts them. Its error ends the iteration. */
export function mapItems<Item, Mapped>(
  items: AsyncIterable<Item>,
  map: (item: Item) => Mapped,
): AsyncIterableIterator<Mapped> {
  return new FollowedItems(items, { map });
}
