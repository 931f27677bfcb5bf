import { describe, expect, it, vi } from "vitest";
import { FollowedItems, mapItems, pullNext } from "./index.js";

interface Requested {
  readonly promise: Promise<IteratorResult<string>>;
  resolve(step: IteratorResult<string>): void;
  reject(error: unknown): void;
}

/** Items that a test settles one by one. */
function manual() {
  const requested: Requested[] = [];
  const returned = vi.fn(async () => ({ done: true as const, value: undefined }));
  const iterator = {
    [Symbol.asyncIterator]: () => iterator,
    next() {
      let settle = {} as Omit<Requested, "promise">;
      const promise = new Promise<IteratorResult<string>>((resolve, reject) => {
        settle = { resolve, reject };
      });
      requested.push({ promise, ...settle });
      return promise;
    },
    return: returned,
  };
  return { iterator, requested, returned };
}

async function* letters(...all: readonly string[]): AsyncGenerator<string> {
  yield* all;
}

async function readAll<Item>(items: AsyncIterable<Item>): Promise<readonly Item[]> {
  const all: Item[] = [];
  for await (const item of items) all.push(item);
  return all;
}

describe("followed items", () => {
  it("are those of the source; their beginning and their end are reported", async () => {
    const hooks = { begin: vi.fn(), end: vi.fn() };
    const items = new FollowedItems(letters("a", "b"), hooks);
    expect(hooks.begin).not.toHaveBeenCalled();
    expect(await readAll(items)).toEqual(["a", "b"]);
    expect(await items.next()).toEqual({ done: true, value: undefined });
    await items.return();
    expect(hooks.begin).toHaveBeenCalledOnce();
    expect(hooks.end).toHaveBeenCalled();
  });

  it("that are requested at the same time come in their order", async () => {
    const items = new FollowedItems(letters("a", "b"), {});
    const steps = await Promise.all([items.next(), items.next(), items.next()]);
    expect(steps.map(({ value }) => value)).toEqual(["a", "b", undefined]);
  });

  it("end before the source returns, which may wait for that", async () => {
    const { iterator, returned } = manual();
    const items = new FollowedItems(iterator, { end: () => expect(returned).not.toHaveBeenCalled() });
    items.next().catch(() => {});
    await items.return();
    expect(returned).toHaveBeenCalledOnce();
    expect.hasAssertions();
  });

  it("that fail reject what is requested and what follows, and return a source that does not answer", async () => {
    const { iterator, requested, returned } = manual();
    const end = vi.fn();
    const items = new FollowedItems(iterator, { end });
    const pending = [items.next(), items.next()];
    items.fail(new Error("aborted"));
    for (const one of [...pending, items.next()]) await expect(one).rejects.toThrow("aborted");
    expect(returned).toHaveBeenCalledOnce();
    expect(end).toHaveBeenCalled();
    // Too late.
    requested[0]?.resolve({ done: false, value: "a" });
    await expect(items.next()).rejects.toThrow("aborted");
  });

  it("may be failed as they begin", async () => {
    const { iterator, requested } = manual();
    const items: FollowedItems<string> = new FollowedItems<string>(iterator, {
      begin: () => items.fail(new Error("stopped")),
    });
    await expect(items.next()).rejects.toThrow("stopped");
    expect(requested).toEqual([]);
  });

  it("end with the error of the source", async () => {
    const end = vi.fn();
    const { iterator, requested } = manual();
    const items = new FollowedItems(iterator, { end });
    const step = items.next();
    requested[0]?.reject(new Error("broken"));
    await expect(step).rejects.toThrow("broken");
    expect(end).toHaveBeenCalled();
  });

  it("end with an error that the source throws in place of a promise", async () => {
    const end = vi.fn();
    const thrower = { next: () => expect.fail("thrown"), [Symbol.asyncIterator]: () => thrower };
    await expect(new FollowedItems(thrower, { end }).next()).rejects.toThrow("thrown");
    expect(end).toHaveBeenCalled();
  });

  it("are passed without a promise, through all that follow them", async () => {
    const { iterator, requested } = manual();
    const items = mapItems(
      new FollowedItems(
        mapItems(iterator, (item) => `${item}1`),
        {},
      ),
      (item) => `${item}2`,
    );
    const passed: unknown[] = [];
    pullNext(
      items,
      (step) => passed.push(step),
      (error) => passed.push(error),
    );
    requested[0]?.resolve({ done: false, value: "a" });
    // The one promise is that of the source.
    await requested[0]?.promise;
    expect(passed).toEqual([{ done: false, value: "a12" }]);
  });
});

describe("mapped items", () => {
  it("are what the function returns", async () => {
    expect(await readAll(mapItems(letters("a", "b"), (item) => item.toUpperCase()))).toEqual(["A", "B"]);
  });

  it("end with the error of the function, and return the source", async () => {
    const { iterator, requested, returned } = manual();
    const items = mapItems(iterator, () => {
      throw new Error("not that one");
    });
    const step = items.next();
    requested[0]?.resolve({ done: false, value: "a" });
    await expect(step).rejects.toThrow("not that one");
    expect(returned).toHaveBeenCalledOnce();
  });
});

it("items of a list are followed as those of a stream", async () => {
  expect(await readAll(mapItems(["a", "b"] as unknown as AsyncIterable<string>, (item) => `${item}!`))).toEqual([
    "a!",
    "b!",
  ]);
});
