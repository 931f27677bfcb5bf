import { StringValueSchema } from "@bufbuild/protobuf/wkt";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import type { ReadModelDefinition } from "../../cqrs/index.js";
import { PotterError } from "../../errors/index.js";
import { es } from "../../message/index.js";
import type { RowReader } from "../../store/ports/index.js";
import type { SubscriptionRetry } from "../../store/subscriptions/index.js";
import { ChangeHub } from "./change-hub.js";
import { RowWatchers } from "./row-watchers.js";

const codec = es(StringValueSchema);
const name = codec.typeName;

/** A read model of one row, and the watchers of it. */
class Watched {
  readonly hub = new ChangeHub();
  readonly retries: SubscriptionRetry[] = [];
  readonly ends = new AbortController();
  value: string | undefined = "a";
  failure: unknown;
  reads = 0;
  private readonly watchers: RowWatchers;

  constructor(isShared = true) {
    const get = async () => {
      this.reads++;
      if (this.failure !== undefined) throw this.failure;
      return this.value === undefined ? undefined : codec.create({ value: this.value });
    };
    this.watchers = new RowWatchers(
      {
        definition: { codec } as unknown as ReadModelDefinition,
        rows: { get } as unknown as RowReader,
        hub: this.hub,
        table: () => ({ name, version: 1, generation: 1, codec }),
        report: (retry) => this.retries.push(retry),
      },
      isShared,
    );
  }

  /** Begins to watch. `seen` fills with what is delivered. */
  watch(signal: AbortSignal = this.ends.signal) {
    const seen: string[] = [];
    const done = (async () => {
      for await (const row of this.watchers.watch("", "k", signal)) seen.push((row as { value: string }).value);
    })();
    return { seen, done };
  }

  open(deletions = false): AsyncGenerator<unknown> {
    return this.watchers.watch("", "k", this.ends.signal, deletions);
  }

  change(value: string | undefined): void {
    this.value = value;
    this.hub.publish({ name, keys: [{ tenant: "", key: "k" }] });
  }
}

const settle = () => vi.advanceTimersByTimeAsync(0);

describe("watchers of one row", () => {
  let row: Watched;
  beforeEach(() => {
    vi.useFakeTimers();
    row = new Watched();
  });
  afterEach(async () => {
    row.ends.abort();
    await settle();
    vi.useRealTimers();
  });

  it("cause one read per change and one per interval, however many they are", async () => {
    const watchers = Array.from({ length: 50 }, () => row.watch());
    await settle();
    const begun = row.reads;
    expect(begun).toBeLessThanOrEqual(2);

    row.change("b");
    await settle();
    expect(row.reads).toBe(begun + 1);
    expect(watchers.map(({ seen }) => seen)).toEqual(Array.from({ length: 50 }, () => ["a", "b"]));

    row.value = "c";
    await vi.advanceTimersByTimeAsync(1000);
    expect(row.reads).toBe(begun + 2);
    await vi.advanceTimersByTimeAsync(3000);
    expect(row.reads).toBe(begun + 5);
    expect(watchers.map(({ seen }) => seen)).toEqual(Array.from({ length: 50 }, () => ["a", "b", "c"]));
  });

  it("begin with their own read, not with the value of others", async () => {
    const first = row.watch();
    await settle();
    row.value = "b";
    const second = row.watch();
    await settle();
    expect(second.seen).toEqual(["b"]);
    expect(first.seen).toEqual(["a", "b"]);
  });

  it("cause no read while none of them waits, and none after the last one has ended", async () => {
    const watcher = row.open();
    expect((await watcher.next()).value).toMatchObject({ value: "a" });
    await vi.advanceTimersByTimeAsync(5000);
    expect(row.reads).toBe(1);
    row.value = "b";
    expect((await watcher.next()).value).toMatchObject({ value: "b" });
    await watcher.return(undefined);

    const other = row.watch();
    await settle();
    row.ends.abort();
    await other.done;
    const before = row.reads;
    row.change("c");
    await vi.advanceTimersByTimeAsync(5000);
    expect(row.reads).toBe(before);
  });

  it("end one by one, and the others continue", async () => {
    const end = new AbortController();
    const [one, other] = [row.watch(end.signal), row.watch()];
    await settle();
    end.abort();
    await one.done;
    row.change("b");
    await settle();
    expect([one.seen, other.seen]).toEqual([["a"], ["a", "b"]]);
  });

  it("each receive their own message", async () => {
    const [one, other] = [row.open(), row.open()];
    const [first, second] = await Promise.all([one.next(), other.next()]);
    (first.value as { value: string }).value = "changed";
    expect(second.value).toMatchObject({ value: "a" });
  });

  it("see a change that is committed during a read", async () => {
    const { seen } = row.watch();
    row.change("b");
    await settle();
    expect(seen.at(-1)).toBe("b");
  });

  it("deliver nothing for a deleted row, nor for one that has not changed", async () => {
    const { seen } = row.watch();
    await settle();
    row.change(undefined);
    await settle();
    row.change("a");
    await settle();
    row.change("b");
    await settle();
    expect(seen).toEqual(["a", "b"]);
  });

  it("deliver the deletion of a row that they have delivered, if they are asked to", async () => {
    row.change(undefined);
    const rows = row.open(true);
    const results: unknown[] = [];
    for (const value of ["a", undefined, "a"]) {
      const next = rows.next();
      await settle();
      row.change(value);
      await settle();
      results.push((await next).value);
    }
    expect(results).toMatchObject([{ value: "a" }, undefined, { value: "a" }]);
  });

  it("wait together while the store is away, and only a new one fails at once", async () => {
    const watchers = [row.watch(), row.watch()];
    await settle();
    row.failure = new PotterError("unavailable", "away");
    await vi.advanceTimersByTimeAsync(30_000);
    expect(row.retries.length).toBeGreaterThan(2);
    expect(row.retries.length).toBe(row.retries.at(-1)?.attempt);
    await expect(row.watch().done).rejects.toThrow("away");
    row.failure = undefined;
    row.value = "b";
    await vi.advanceTimersByTimeAsync(10_000);
    expect(watchers.map(({ seen }) => seen)).toEqual([
      ["a", "b"],
      ["a", "b"],
    ]);
  });

  it("all fail with an error that no retry can mend", async () => {
    const watchers = [row.watch(), row.watch()];
    const failed = watchers.map(({ done }) => expect(done).rejects.toThrow("broken"));
    await settle();
    row.failure = new PotterError("data_loss", "broken");
    row.change("b");
    await settle();
    await Promise.all(failed);
  });

  it("all end with the error that ends the app, and so do later ones", async () => {
    const watchers = [row.watch(), row.watch()];
    const failed = watchers.map(({ done }) => expect(done).rejects.toThrow("stopping"));
    await settle();
    row.hub.end(new PotterError("unavailable", "stopping"));
    await settle();
    await Promise.all(failed);
    await expect(row.watch().done).rejects.toThrow("stopping");
  });

  it("read for themselves where no request may wait for another", async () => {
    row = new Watched(false);
    const watchers = Array.from({ length: 3 }, () => row.watch());
    await settle();
    expect(row.reads).toBe(3);
    row.change("b");
    await settle();
    expect(row.reads).toBe(6);
    expect(watchers.map(({ seen }) => seen)).toEqual(Array.from({ length: 3 }, () => ["a", "b"]));
  });
});
