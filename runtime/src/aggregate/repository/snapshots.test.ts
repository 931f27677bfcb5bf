import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { createApp } from "../../app/index.js";
import type { Logger } from "../../cqrs/index.js";
import { memory } from "../../store/memory/index.js";
import type { Snapshot, Store } from "../../store/ports/index.js";
import { Account, createAccount, deposit, open } from "../account.fixture.js";
import type { AggregateDefinition, AnyDeciderPart } from "../declaration/index.js";
import { isSnapshotDue, tailOf } from "./snapshots.js";

type Policies = Pick<AggregateDefinition, "snapshotEvery" | "snapshotAfter" | "snapshotSize">;

const stream = { tenant: "", type: "account", id: "a" };
const silent: Logger = { debug() {}, info() {}, warn() {}, error() {} };

function accountWith(policies: Policies): AnyDeciderPart {
  const { decider } = createAccount() as AnyDeciderPart;
  const { snapshotEvery: _, ...aggregate } = Account.definition;
  return { kind: "decider", aggregate: { ...aggregate, ...policies }, decider };
}

/** A store that records which snapshots are saved, and may fail or delay a save. */
function watched(save: (snapshot: Snapshot) => Promise<void> = async () => {}) {
  const store = memory();
  const saved: number[] = [];
  const events = Object.create(store.events, {
    saveSnapshot: {
      value: async (id: typeof stream, snapshot: Snapshot) => {
        saved.push(snapshot.version);
        await save(snapshot);
        await store.events.saveSnapshot(id, snapshot);
      },
    },
  }) as Store["events"];
  return { saved, store: { ...store, events } };
}

const settle = () => new Promise((resolve) => setTimeout(resolve, 0));

describe("a snapshot is due", () => {
  const tail = { snapshotVersion: 10, since: 1000, bytes: 500 };
  it.each<[Policies, number, number, boolean]>([
    [{}, 1_000_000, 1_000_000, false],
    [{ snapshotEvery: 5 }, 14, 1000, false],
    [{ snapshotEvery: 5 }, 15, 1000, true],
    [{ snapshotAfter: 60 }, 11, 1059, false],
    [{ snapshotAfter: 60 }, 11, 1060, true],
    [{ snapshotSize: 501 }, 11, 1000, false],
    [{ snapshotSize: 500 }, 11, 1000, true],
    [{ snapshotEvery: 100, snapshotAfter: 60, snapshotSize: 1000 }, 11, 1060, true],
    [{ snapshotEvery: 100, snapshotAfter: 60, snapshotSize: 500 }, 11, 1000, true],
  ])("by %j at version %i and time %i: %s", (policies, version, now, due) => {
    expect(isSnapshotDue(policies, tail, version, now)).toBe(due);
  });

  it("by the age of the first event if there is no snapshot yet", () => {
    const events = [100, 200].map((at, i) => ({ at, version: i + 1, bytes: new Uint8Array(7) }));
    const found = tailOf({ snapshotVersion: 0, since: undefined, bytes: 0 }, events as never, {
      counts: true,
      sizeOf: ({ bytes }) => bytes?.length ?? 0,
    });
    expect(found).toEqual({ snapshotVersion: 0, since: 100, bytes: 14 });
  });
});

describe("snapshots", () => {
  it("are saved a number of milliseconds after the last one", async () => {
    const { saved, store } = watched();
    let now = Date.now();
    const clock = { now: () => new Date(now), newId: () => crypto.randomUUID() };
    const app = createApp({ parts: [accountWith({ snapshotAfter: 60_000 })], store, clock });
    await app.send(open, { value: "a" });
    await app.send(deposit, { value: "a:1" });
    await settle();
    expect(saved).toEqual([]);
    now += 61_000;
    await app.send(deposit, { value: "a:1" });
    await settle();
    expect(saved).toEqual([3]);
    // Its time is by the store's clock.
    now = Date.now() + 59_000;
    await app.send(deposit, { value: "a:1" });
    await settle();
    expect(saved).toEqual([3]);
    await app.stop();
  });

  it("are saved after a number of bytes, whether the store serializes or not", async () => {
    const { saved, store } = watched();
    const app = createApp({ parts: [accountWith({ snapshotSize: 20 })], store });
    // 10 bytes: "somebody" with its prefix. Then 2 for each amount.
    await app.send(open, { value: "a" });
    for (let i = 0; i < 12; i++) {
      await app.send(deposit, { value: "a:1" });
      await settle();
    }
    expect(saved).toEqual([6]);
    await app.stop();
  });

  it("are saved one at a time, and never delay a command", async () => {
    let release: () => void = () => {};
    const held = new Promise<void>((resolve) => {
      release = resolve;
    });
    const { saved, store } = watched(() => held);
    const app = createApp({ parts: [accountWith({ snapshotEvery: 1 })], store });
    await app.send(open, { value: "a" });
    for (let i = 0; i < 3; i++) await app.send(deposit, { value: "a:1" });
    expect(saved).toEqual([1]);
    release();
    await settle();
    await app.send(deposit, { value: "a:1" });
    await settle();
    expect(saved).toEqual([1, 5]);
    await app.stop();
  });

  it("that fail are logged, and the command still succeeds", async () => {
    const warnings: unknown[] = [];
    const { store } = watched(async () => {
      throw new Error("disk full");
    });
    const logger = { ...silent, warn: (message: string, fields?: object) => warnings.push([message, fields]) };
    const app = createApp({ parts: [accountWith({ snapshotEvery: 2 })], store, logger });
    await app.send(open, { value: "a" });
    expect((await app.send(deposit, { value: "a:1" })).value).toBe(1);
    await settle();
    expect(warnings).toMatchObject([["background work failed", { error: { message: "disk full" } }]]);
    expect((await app.send(deposit, { value: "a:1" })).value).toBe(2);
    await app.stop();
  });

  it.each([
    ["thrown at", 9, "Error"],
    ["not of the stream's last version", 7, "Error"],
  ])("that cannot be decoded (%s) are skipped, logged and created again", async (_, deposits, error) => {
    const { saved, store } = watched();
    const warnings: unknown[] = [];
    const part = accountWith({ snapshotEvery: 5 });
    const { snapshot } = part.decider as unknown as { readonly snapshot: { decode(bytes: Uint8Array): number } };
    const decode = (bytes: Uint8Array) => {
      if (Number.isNaN(snapshot.decode(bytes))) throw new Error(`no number: ${new TextDecoder().decode(bytes)}`);
      return snapshot.decode(bytes);
    };
    const logger = { ...silent, warn: (message: string, fields?: object) => warnings.push([message, fields]) };
    const decider = { ...part.decider, snapshot: { ...snapshot, decode } };
    const app = createApp({ parts: [{ ...part, decider } as AnyDeciderPart], store, logger });
    await app.send(open, { value: "a" });
    for (let i = 0; i < deposits; i++) await app.send(deposit, { value: "a:1" });
    await settle();
    const { snapshot: kept } = await store.events.loadStream(stream, { stateVersion: 1 });
    const version = kept?.version ?? 0;
    await store.events.archiveEvents(stream, version);
    await store.events.saveSnapshot(stream, { version, stateVersion: 1, state: new TextEncoder().encode("ada") });
    saved.length = 0;

    // No event, so no other snapshot falls due.
    expect((await app.send(deposit, { value: "a:0" })).value).toBe(deposits);
    await settle();
    expect(warnings).toEqual([
      [
        "snapshot could not be read: it was skipped, and is created again from the events",
        { type: "account", id: "a", version, stateVersion: 1, error },
      ],
    ]);
    expect(saved).toEqual([deposits + 1]);
    expect((await app.send(deposit, { value: "a:1" })).value).toBe(deposits + 1);
    expect(warnings).toHaveLength(1);
    await app.stop();
  });

  it("restore the same state as a full replay, for any history and any policies", async () => {
    const policies = fc.record(
      { snapshotEvery: fc.integer({ min: 1, max: 7 }), snapshotSize: fc.integer({ min: 1, max: 40 }) },
      { requiredKeys: [] },
    );
    const histories = fc.array(fc.integer({ min: 1, max: 300 }), { maxLength: 30 });
    await fc.assert(
      fc.asyncProperty(policies, histories, async (chosen, amounts) => {
        const store = memory();
        const app = createApp({ parts: [accountWith(chosen)], store });
        await app.send(open, { value: "a" });
        let sum = 0;
        for (const amount of amounts) {
          sum += amount;
          expect((await app.send(deposit, { value: `a:${amount}` })).value).toBe(sum);
          const snapshot = (await store.events.loadStream(stream, { stateVersion: 1 })).snapshot;
          if (snapshot === undefined) continue;
          const until = amounts.slice(0, snapshot.version - 1).reduce((total, each) => total + each, 0);
          expect(new TextDecoder().decode(snapshot.state)).toBe(String(until));
        }
        await app.stop();
        const newest = (await store.events.loadStream(stream, { stateVersion: 1 })).snapshot;
        const every = chosen.snapshotEvery ?? Number.POSITIVE_INFINITY;
        if (amounts.length + 1 >= every) expect(amounts.length + 1 - (newest?.version ?? 0)).toBeLessThan(every);
      }),
      { numRuns: 60 },
    );
  });
});
