import { describe, expect, it, vi } from "vitest";
import { note } from "../../conformance/cases/index.js";
import { memory } from "../memory/index.js";
import type { EventStore, RecordedEvent } from "../ports/index.js";
import { EventTail } from "./event-tail.js";

/** The controller that ends many followers. */
const openEnd = () => new AbortController();

const pause = (milliseconds: number) => new Promise((resolve) => setTimeout(resolve, milliseconds));

/** A store that can be slow, can fail, and counts its reads. */
function openStore({ delay = () => 0 }: { readonly delay?: () => number } = {}) {
  const { events } = memory();
  const state = { failing: false, readAll: 0, readStream: 0, listeners: 0 };
  const versions = new Map<string, number>();
  const slow = async <Value>(work: () => Promise<Value>): Promise<Value> => {
    if (state.failing) throw new Error("the store is unavailable");
    const milliseconds = delay();
    if (milliseconds > 0) await pause(milliseconds);
    const value = await work();
    if (milliseconds > 0) await pause(delay());
    return value;
  };
  const source: Pick<EventStore, "readAll" | "readStream" | "onAppend" | "head"> = {
    readAll: (...given) => {
      state.readAll++;
      return slow(() => events.readAll(...given));
    },
    readStream: (...given) => {
      state.readStream++;
      return slow(() => events.readStream(...given));
    },
    head: () => slow(() => events.head()),
    onAppend: (listener) => {
      state.listeners++;
      const stopListening = events.onAppend(listener);
      return () => {
        state.listeners--;
        stopListening();
      };
    },
  };
  const append = async (id: string, count = 1, { tenant = "", type = "note" } = {}) => {
    const version = versions.get(`${tenant} ${id}`) ?? 0;
    const result = await events.append({
      stream: { tenant, type, id },
      expectedVersion: version,
      events: Array.from({ length: count }, (_, at) => note(`${id} ${version + at + 1}`)),
      correlationId: "c",
      causationId: "c",
      metadata: {},
    });
    expect(result.kind).toBe("appended");
    versions.set(`${tenant} ${id}`, version + count);
  };
  return { events, source, state, append, tail: new EventTail(source) };
}

const of = (id?: string, { tenant = "", streamType = "note" } = {}) => ({ tenant, streamType, id });
const follow = (tail: EventTail, followed: ReturnType<typeof of>, after: number, signal: AbortSignal) =>
  tail.follow(followed, { after, signal, toItem: (event) => event });
const describeEvent = ({ stream, version }: RecordedEvent) => `${stream.id} ${version}`;

/** Collects the events that a follower receives. */
function gather(stream: AsyncIterable<RecordedEvent>, onEvent?: () => Promise<unknown>) {
  const found: string[] = [];
  const ended = (async () => {
    for await (const event of stream) {
      found.push(describeEvent(event));
      await onEvent?.();
    }
  })();
  ended.catch(() => {});
  return { found, ended };
}

const numbers = (id: string, count: number) => Array.from({ length: count }, (_, at) => `${id} ${at + 1}`);

describe("a follower", () => {
  it("receives history, then live events, of one stream or of all of a type, of one tenant", async () => {
    const { tail, append } = openStore();
    await append("a", 2);
    await append("b");
    await append("a", 1, { tenant: "other" });
    const end = openEnd();
    const one = gather(follow(tail, of("a"), 0, end.signal));
    const all = gather(follow(tail, of(), 0, end.signal));
    const late = gather(follow(tail, of("a"), 2, end.signal));
    const other = gather(follow(tail, of("a", { tenant: "other" }), 0, end.signal));
    const kind = gather(follow(tail, of(undefined, { streamType: "note\n=a" }), 0, end.signal));
    await vi.waitFor(() => expect(all.found).toEqual(["a 1", "a 2", "b 1"]));
    await append("b");
    await append("a");
    await append("a", 1, { tenant: "other" });
    await vi.waitFor(() => {
      expect(one.found).toEqual(["a 1", "a 2", "a 3"]);
      expect(all.found).toEqual(["a 1", "a 2", "b 1", "b 2", "a 3"]);
      expect(late.found).toEqual(["a 3"]);
      expect(other.found).toEqual(["a 1", "a 2"]);
    });
    expect(kind.found).toEqual([]);
    end.abort();
    await Promise.all([one.ended, all.ended, late.ended, other.ended, kind.ended]);
  });

  it("receives nothing up to a start position that is not reached yet", async () => {
    const { tail, append, events } = openStore();
    await append("a", 3);
    const end = openEnd();
    const { found, ended } = gather(follow(tail, of("a"), (await events.head()) + 2, end.signal));
    await pause(10);
    await append("a", 1);
    await append("a", 3);
    await vi.waitFor(() => expect(found).toEqual(["a 6", "a 7"]));
    end.abort();
    await ended;
  });

  it("receives every event once, however slow the store, and whenever it starts", async () => {
    let seed = 7;
    const random = () => {
      seed = (Math.imul(seed, 1_103_515_245) + 12_345) >>> 0;
      return seed / 2 ** 32;
    };
    const { tail, append, events } = openStore({ delay: () => (random() < 0.5 ? 0 : random() * 3) });
    const end = openEnd();
    const all: { readonly found: string[]; readonly id: string | undefined; readonly after: number }[] = [];
    const ended: Promise<void>[] = [];
    for (let round = 0; round < 60; round++) {
      await append(`s${round % 3}`, 1 + Math.floor(random() * 4));
      if (random() < 0.5) await pause(random() * 4);
      const head = await events.head();
      const id = round % 4 === 0 ? undefined : `s${round % 3}`;
      const after = Math.floor(random() * (head + 1));
      const slow = random() < 0.3 ? () => pause(random() * 8) : undefined;
      const one = gather(follow(tail, of(id), after, end.signal), slow);
      all.push({ found: one.found, id, after });
      ended.push(one.ended);
    }
    const recorded = (await events.readAll(0, 10_000)).events;
    for (const { found, id, after } of all) {
      const expected = recorded.filter(
        ({ position, stream }) => position > after && (id === undefined || stream.id === id),
      );
      await vi.waitFor(() => expect(found).toEqual(expected.map(describeEvent)));
    }
    end.abort();
    await Promise.all(ended);
  });

  it("reads the store again when it was too slow for the buffer", async () => {
    const { tail, append, state } = openStore();
    const end = openEnd();
    const { found, ended } = gather(follow(tail, of("a"), 0, end.signal), () => pause(50));
    await append("a");
    await vi.waitFor(() => expect(found).toEqual(["a 1"]));
    for (let at = 0; at < 12; at++) await append("b", 200);
    await append("a", 1);
    for (let at = 0; at < 12; at++) await append("b", 200);
    await vi.waitFor(() => expect(found).toEqual(["a 1", "a 2"]));
    expect(state.readStream).toBeGreaterThan(0);
    end.abort();
    await ended;
  });
});

describe("the buffer of events", () => {
  /** The events that a follower receives that starts before the buffered events. */
  async function open() {
    const store = openStore();
    const end = openEnd();
    const first = gather(follow(store.tail, of("a"), 0, end.signal));
    await vi.waitFor(() => expect(store.state.listeners).toBe(1));
    const head = await store.events.head();
    await store.append("a", 2);
    await vi.waitFor(() => expect(first.found).toHaveLength(2));
    const again = async () => {
      const reads = store.state.readStream;
      const one = gather(follow(store.tail, of("a"), head, end.signal));
      await vi.waitFor(() => expect(one.found).toEqual(numbers("a", 2)));
      return store.state.readStream - reads;
    };
    const close = async () => {
      end.abort();
      await first.ended;
    };
    return { ...store, again, close };
  }

  it("is delivered without reading the store, until it is released", async () => {
    const { tail, again, close } = await open();
    expect(await again()).toBe(0);
    tail.drop();
    expect(await again()).toBe(1);
    await close();
  });

  it("is read again for a slow follower", async () => {
    const { tail, append, events, state } = openStore();
    const end = openEnd();
    await append("a", 5);
    const slow = follow(tail, of("a"), 0, end.signal);
    const next = async () => describeEvent((await slow.next()).value);
    expect([await next(), await next()]).toEqual(["a 1", "a 2"]);
    expect(state.readStream).toBe(1);
    tail.drop();
    expect([await next(), await next()]).toEqual(["a 3", "a 4"]);
    expect(state.readStream).toBe(2);
    const now = performance.now();
    const clock = vi.spyOn(performance, "now").mockImplementation(() => now + 10_001);
    expect(await next()).toBe("a 5");
    clock.mockRestore();
    expect(state.readStream).toBe(3);
    expect(await events.head()).toBe(5);
    end.abort();
  });

  it("is kept for ten seconds", async () => {
    const { again, close } = await open();
    const now = performance.now();
    const clock = vi.spyOn(performance, "now").mockImplementation(() => now + 9_000);
    expect(await again()).toBe(0);
    clock.mockImplementation(() => now + 10_001);
    expect(await again()).toBe(1);
    clock.mockRestore();
    await close();
  });
});

describe("a follower that ends", () => {
  it("receives no more events, and does not wait for the next one", async () => {
    const { tail, append, state } = openStore();
    const one = tail.follow(of("a"), { after: 0, signal: undefined, toItem: describeEvent });
    await append("a", 2);
    expect(await one.next()).toEqual({ done: false, value: "a 1" });
    expect(await one.next()).toEqual({ done: false, value: "a 2" });
    const pending = one.next();
    await vi.waitFor(() => expect(state.listeners).toBe(1));
    expect(await one.return?.()).toEqual({ done: true, value: undefined });
    expect(await pending).toEqual({ done: true, value: undefined });
    expect(await one.next()).toEqual({ done: true, value: undefined });
    await vi.waitFor(() => expect(state.listeners).toBe(0));
  });

  it("receives the error of an event that cannot be read, at once or when it arrives", async () => {
    const { tail, append, state } = openStore();
    const toItem = (event: RecordedEvent) => {
      if (event.version > 1) throw new Error(`cannot read ${describeEvent(event)}`);
      return describeEvent(event);
    };
    await append("a", 2);
    const past = tail.follow(of("a"), { after: 0, signal: undefined, toItem });
    expect(await past.next()).toEqual({ done: false, value: "a 1" });
    await expect(past.next()).rejects.toThrow("cannot read a 2");
    expect(await past.next()).toEqual({ done: true, value: undefined });
    const live = tail.follow(of("a"), { after: 2, signal: undefined, toItem });
    const pending = live.next();
    await vi.waitFor(() => expect(state.listeners).toBe(1));
    await pause(10);
    await append("a", 1);
    await expect(pending).rejects.toThrow("cannot read a 3");
    await vi.waitFor(() => expect(state.listeners).toBe(0));
  });
});

describe("the store", () => {
  it("is read once for all followers at its head, and only followers of new events are woken", async () => {
    const { tail, append, state } = openStore();
    const end = openEnd();
    const all = Array.from({ length: 500 }, (_, at) => gather(follow(tail, of(`s${at % 100}`), 0, end.signal)));
    await vi.waitFor(() => expect(state.listeners).toBe(1));
    await pause(20);
    const before = state.readAll;
    for (let at = 0; at < 20; at++) await append("s7");
    await vi.waitFor(() => expect(all.filter(({ found }) => found.length === 20)).toHaveLength(5));
    expect(all.filter(({ found }) => found.length > 0)).toHaveLength(5);
    // Each append causes a read, and another that finds nothing more.
    expect(state.readAll - before).toBeLessThan(80);
    expect(state.readStream).toBe(0);
    end.abort();
    await Promise.all(all.map(({ ended }) => ended));
  });

  it("is no longer read after the last follower ends, and read again for later followers", async () => {
    const { tail, append, state } = openStore();
    const first = new AbortController();
    const one = gather(follow(tail, of("a"), 0, first.signal));
    await vi.waitFor(() => expect(state.listeners).toBe(1));
    first.abort();
    await one.ended;
    await vi.waitFor(() => expect(state.listeners).toBe(0));
    const reads = state.readAll;
    await append("a", 3);
    await pause(20);
    expect(state.readAll).toBe(reads);
    const second = new AbortController();
    const two = gather(follow(tail, of("a"), 0, second.signal));
    await vi.waitFor(() => expect(two.found).toEqual(numbers("a", 3)));
    second.abort();
    await two.ended;
  });

  it("ends all followers when it fails, and serves those that follow again", async () => {
    const { tail, append, state } = openStore();
    const end = openEnd();
    const all = [gather(follow(tail, of("a"), 0, end.signal)), gather(follow(tail, of(), 0, end.signal))];
    await vi.waitFor(() => expect(state.listeners).toBe(1));
    await append("a");
    await vi.waitFor(() => expect(all.map(({ found }) => found)).toEqual([["a 1"], ["a 1"]]));
    state.failing = true;
    await append("a");
    for (const { ended } of all) await expect(ended).rejects.toThrow("the store is unavailable");
    await expect(gather(follow(tail, of("a"), 1, end.signal)).ended).rejects.toThrow("the store is unavailable");
    state.failing = false;
    const { found, ended } = gather(follow(tail, of("a"), 1, end.signal));
    await vi.waitFor(() => expect(found).toEqual(["a 2"]));
    end.abort();
    await ended;
    expect(state.listeners).toBe(0);
  });
});
