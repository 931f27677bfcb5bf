import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { note, streamOf } from "../conformance/cases/index.js";
import type { Logger } from "../cqrs/index.js";
import { memory } from "../store/memory/index.js";
import type { Outbox, OutboxMessage, Store } from "../store/ports/index.js";
import type { Delivery, OutboxOptions } from "./options.js";
import { Relay } from "./relay.js";

const silent: Logger = { debug() {}, info() {}, warn() {}, error() {} };
const retry = { base: 1, cap: 5 };
const nameOf = ({ stream, version }: OutboxMessage) => `${stream.id}${version}`;

describe("the relay of an outbox", () => {
  let store: Store;
  let outbox: Outbox;
  const relays: Relay[] = [];
  const versions = new Map<string, number>();

  beforeEach(() => {
    store = memory();
    outbox = store.outbox as Outbox;
    versions.clear();
  });
  afterEach(async () => {
    await Promise.all(relays.splice(0).map((relay) => relay.stop()));
  });

  async function leave(id: string, count = 1): Promise<void> {
    const expectedVersion = versions.get(id) ?? 0;
    versions.set(id, expectedVersion + count);
    const result = await store.states?.write({
      stream: streamOf(id),
      expectedVersion,
      events: Array.from({ length: count }, (_, i) => note(`${id}${expectedVersion + i + 1}`)),
      correlationId: "c",
      causationId: "k",
      metadata: {},
      state: { stateVersion: 1, bytes: new Uint8Array() },
      outbox: true,
    });
    expect(result?.kind).toBe("appended");
  }

  function start(publish: OutboxOptions["publish"], options: OutboxOptions = {}, over: Partial<Outbox> = {}): Relay {
    const watched: Outbox = {
      lease: (owner, ms) => outbox.lease(owner, ms),
      release: (owner, epoch) => outbox.release(owner, epoch),
      next: (limit, except) => outbox.next(limit, except),
      remove: (epoch, positions) => outbox.remove(epoch, positions),
      backlog: () => outbox.backlog(),
      onMessage: (listener) => outbox.onMessage(listener),
      ...over,
    };
    const relay = new Relay(watched, { retry, ...options, ...(publish && { publish }) }, silent);
    relay.start();
    relays.push(relay);
    return relay;
  }

  const emptied = () => expect.poll(async () => (await outbox.backlog()).waiting).toBe(0);

  it("sends messages from before and after its start, and deletes sent messages", async () => {
    const sent: string[] = [];
    await leave("a", 2);
    const relay = start(async (message) => void sent.push(nameOf(message)));
    await emptied();
    await leave("b");
    await leave("a");
    await emptied();
    expect(sent).toEqual(["a1", "a2", "b1", "a3"]);
    expect(await relay.status()).toEqual({
      waiting: 0,
      oldestAge: 0,
      relaying: true,
      sent: 4,
      blocked: [],
      error: undefined,
    });
  });

  it("keeps the order of each stream, with many streams in progress at once", async () => {
    const ids = ["a", "b", "c", "d"];
    for (let i = 0; i < 5; i++) for (const id of ids) await leave(id, 2);
    const sent: string[] = [];
    const active = new Set<string>();
    let most = 0;
    start(
      async (message) => {
        const { id } = message.stream;
        expect(active.has(id)).toBe(false);
        active.add(id);
        most = Math.max(most, active.size);
        await new Promise((resolve) => setTimeout(resolve, 3 * Math.random()));
        active.delete(id);
        sent.push(nameOf(message));
      },
      { concurrency: 3, batchSize: 12 },
    );
    await emptied();
    expect(most).toBe(3);
    for (const id of ids) {
      const own = sent.filter((name) => name.startsWith(id));
      expect(own).toEqual(Array.from({ length: 10 }, (_, i) => `${id}${i + 1}`));
    }
  });

  it("sends all messages in one order with a concurrency of 1", async () => {
    for (const id of ["a", "b", "c"]) await leave(id);
    const sent: string[] = [];
    start(
      async (message) => {
        await new Promise((resolve) => setTimeout(resolve, message.stream.id === "a" ? 20 : 0));
        sent.push(nameOf(message));
      },
      { concurrency: 1 },
    );
    await emptied();
    expect(sent).toEqual(["a1", "b1", "c1"]);
  });

  it("blocks only the stream whose message is refused, and retries with the same id", async () => {
    await leave("a", 3);
    await leave("b", 2);
    const tries: [string, string, number][] = [];
    let broken = true;
    const relay = start(async (message, { attempt }) => {
      tries.push([nameOf(message), message.id, attempt]);
      if (nameOf(message) === "a2" && broken) throw new Error("refused");
    });
    await expect.poll(async () => (await relay.status()).blocked[0]?.attempts ?? 0).toBeGreaterThan(2);
    const status = await relay.status();
    expect(status).toMatchObject({ waiting: 2, relaying: true, sent: 3, error: { message: "refused" } });
    expect(status.blocked).toMatchObject([{ stream: streamOf("a"), error: { message: "refused" } }]);
    await leave("c");
    await expect.poll(() => tries.map(([name]) => name)).toContain("c1");
    expect(tries.map(([name]) => name)).not.toContain("a3");
    broken = false;
    await emptied();
    const again = tries.filter(([name]) => name === "a2");
    expect(again.length).toBeGreaterThan(2);
    expect(new Set(again.map(([, id]) => id)).size).toBe(1);
    expect(again.map(([, , attempt]) => attempt)).toEqual(again.map((_, i) => i + 1));
    expect((await relay.status()).error).toBeUndefined();
  });

  it("runs in one process at a time, and the next takes over with a higher epoch", async () => {
    const sent: [string, number][] = [];
    const publish =
      (who: string) =>
      async (_: OutboxMessage, { epoch }: Delivery) =>
        void sent.push([who, epoch]);
    const first = start(publish("first"), { leaseDuration: 300 });
    await expect.poll(async () => (await first.status()).relaying).toBe(true);
    const second = start(publish("second"), { leaseDuration: 300 });
    // Longer than the lease, which is renewed.
    await new Promise((resolve) => setTimeout(resolve, 700));
    expect((await second.status()).relaying).toBe(false);
    await leave("a");
    await emptied();
    await first.stop();
    await leave("a");
    await emptied();
    expect(sent.map(([who]) => who)).toEqual(["first", "second"]);
    expect(sent[1]?.[1]).toBeGreaterThan(sent[0]?.[1] ?? 0);
  });

  it("aborts running deliveries, and starts no more, when it cannot renew its lease", async () => {
    await leave("a", 2);
    const sent: string[] = [];
    const aborted: boolean[] = [];
    let unavailable = false;
    const lease: Outbox["lease"] = async (owner, ms) => {
      if (unavailable) throw new Error("the store is unavailable");
      return outbox.lease(owner, ms);
    };
    start(
      async (message, { signal }) => {
        sent.push(nameOf(message));
        unavailable = true;
        await new Promise((resolve) => signal.addEventListener("abort", resolve));
        aborted.push(signal.aborted);
        // As if the delivery had succeeded after all: it must not count.
      },
      { leaseDuration: 60 },
      { lease },
    );
    await expect.poll(() => aborted).toEqual([true]);
    expect(sent).toEqual(["a1"]);
    expect((await outbox.backlog()).waiting).toBe(2);
  });

  it("does not send a message again that it could not delete, but deletes it", async () => {
    await leave("a", 2);
    const sent: string[] = [];
    let failures = 2;
    const remove: Outbox["remove"] = async (epoch, positions) => {
      if (failures-- > 0) throw new Error("the store is unavailable");
      return outbox.remove(epoch, positions);
    };
    const relay = start(async (message) => void sent.push(nameOf(message)), {}, { remove });
    await emptied();
    await expect.poll(async () => (await relay.status()).sent).toBe(2);
    expect(sent).toEqual(["a1", "a2"]);
    await expect.poll(async () => (await relay.status()).error).toBeUndefined();
  });

  it("waits for running deliveries when it stops, starts no further ones, and releases its lease", async () => {
    await leave("a", 2);
    const sent: string[] = [];
    let go: (() => void) | undefined;
    const relay = start(async (message) => {
      await new Promise<void>((resolve) => {
        go = resolve;
      });
      sent.push(nameOf(message));
    });
    await expect.poll(() => go).toBeDefined();
    const stopped = relay.stop();
    go?.();
    await stopped;
    expect(sent).toEqual(["a1"]);
    expect((await outbox.next(10, [])).map(nameOf)).toEqual(["a2"]);
    expect(await outbox.lease("another", 1000)).toBeDefined();
  });

  it("does not wait longer than its lease for a receiver that hangs", async () => {
    await leave("a");
    let begun = false;
    const relay = start(
      () => {
        begun = true;
        return new Promise(() => {});
      },
      { leaseDuration: 80 },
    );
    await expect.poll(() => begun).toBe(true);
    await relay.stop();
    expect((await outbox.next(10, [])).map(nameOf)).toEqual(["a1"]);
  });

  it("backs off from an unavailable receiver, and sends all messages when it is back", async () => {
    for (let i = 0; i < 50; i++) await leave(`s${i}-`);
    const sent = new Set<string>();
    let unavailable = true;
    const relay = start(
      async (message) => {
        if (unavailable) throw new Error("unavailable");
        sent.add(nameOf(message));
      },
      { batchSize: 10 },
    );
    await expect.poll(async () => (await relay.status()).blocked.length).toBeGreaterThan(9);
    expect((await relay.status()).waiting).toBe(50);
    unavailable = false;
    await emptied();
    expect(sent.size).toBe(50);
  });

  it("only stores messages without a publisher", async () => {
    await leave("a");
    const relay = start(undefined);
    expect(await relay.status()).toMatchObject({ waiting: 1, relaying: false });
    expect(await outbox.lease("another", 1000)).toBeDefined();
  });

  it.each<[OutboxOptions, string]>([
    [{ batchSize: 0 }, "outbox.batchSize is 0: expected an integer from 1"],
    [{ leaseDuration: 0.5 }, "outbox.leaseDuration is 0.5: expected an integer from 1"],
    [{ concurrency: Number.NaN }, "outbox.concurrency is NaN"],
    [{ retry: { base: 10, cap: 5 } }, "outbox.retry.cap is 5: expected at least outbox.retry.base, 10"],
  ])("refuses %j", (options, message) => {
    expect(() => new Relay(outbox, options, silent)).toThrow(message);
  });
});
