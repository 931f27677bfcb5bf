import { describe, expect, it } from "vitest";
import { pglite } from "../adapters/pglite/index.js";
import { Account, createAccount, deposit, open } from "../aggregate/account.fixture.js";
import type { AnyDeciderPart } from "../aggregate/index.js";
import { createApp } from "../app/index.js";
import { memory } from "../store/memory/index.js";
import type { Store } from "../store/ports/index.js";
import { findDifferingFields } from "./differing-fields.js";
import { verifySnapshots } from "./verify-snapshots.js";

const account = (more: object = {}): AnyDeciderPart => {
  const part = createAccount() as AnyDeciderPart;
  return { ...part, decider: { ...part.decider, ...more } };
};
const stream = (id: string) => ({ tenant: "", type: "account", id });

/** Two streams with a snapshot, the first with events that follow it, and one without. */
async function fill(store: Store, part = account()): Promise<void> {
  const app = createApp({ parts: [part], store });
  for (const id of ["a", "b", "c"]) await app.send(open, { value: id });
  for (let i = 0; i < 4; i++) await app.send(deposit, { value: "a:5" });
  for (let i = 0; i < 2; i++) await app.send(deposit, { value: "b:1" });
  const versionOf = async (id: string) =>
    (await store.events.loadStream(stream(id), { stateVersion: 1 })).snapshot?.version;
  await expect.poll(() => Promise.all(["a", "b", "c"].map(versionOf))).toEqual([3, 3, undefined]);
}

describe.each([
  ["memory", () => memory()],
  ["PGlite", () => pglite()],
])("snapshots in %s", (_, openStore) => {
  it("are correct if they match the events, including archived ones", async () => {
    const store = openStore();
    await fill(store);
    expect(await verifySnapshots(store, [createAccount()])).toEqual({ checked: 2, unsnapshotted: 1, mismatches: [] });
    expect(await store.events.archiveEvents(stream("a"), 3)).toBe(3);
    expect(await verifySnapshots(store, [account()])).toEqual({ checked: 2, unsnapshotted: 1, mismatches: [] });
    await store.stop();
  });

  it("are reported by stream if evolve was wrong when they were saved", async () => {
    const store = openStore();
    const { evolve } = account().decider;
    // Drops all but the last deposit: decisions on a snapshot of it use the wrong balance.
    const wrong = account({
      evolve: { ...evolve, deposited: (_balance: number, { value }: { value: number }) => value },
    });
    await fill(store, wrong);
    const { checked, mismatches: found } = await verifySnapshots(store, [account()]);
    expect(checked).toBe(2);
    expect(found).toEqual(
      ["a", "b"].map((id) => ({ stream: stream(id), version: 3, stateVersion: 1, fields: ["(all)"] })),
    );
    await store.stop();
  });

  it("are skipped in other versions of the state, and reported if they cannot be decoded", async () => {
    const store = openStore();
    await fill(store);
    const codec = (account().decider as { snapshot: object }).snapshot;
    const next = account({ snapshot: { ...codec, version: 2 } });
    expect(await verifySnapshots(store, [next])).toEqual({ checked: 0, unsnapshotted: 3, mismatches: [] });
    const decode = () => {
      throw new Error("no such format");
    };
    const { mismatches: wrong } = await verifySnapshots(store, [account({ snapshot: { ...codec, decode } })]);
    expect(wrong).toMatchObject([
      { stream: stream("a"), fields: [], error: { message: "no such format" } },
      { stream: stream("b") },
    ]);
    await store.stop();
  });
});

it("is refused for a decider that has no snapshots", async () => {
  const { snapshot: _, ...decider } = account().decider as { snapshot: object };
  const part = { kind: "decider", aggregate: Account.definition, decider } as unknown as AnyDeciderPart;
  await expect(verifySnapshots(memory(), [part])).rejects.toThrow("Account has no snapshots");
});

describe("states differ", () => {
  const lines = [{ sku: "a", amount: 1n }];
  it.each<[unknown, unknown, readonly string[]]>([
    [{ lines, at: new Date(5) }, { lines: [{ sku: "a", amount: 1n }], at: new Date(5), none: undefined }, []],
    [{ lines }, { lines: [{ sku: "b", amount: 2n }] }, ["lines[0].sku", "lines[0].amount"]],
    [{ lines }, { lines: [] }, ["lines.length"]],
    [{ at: new Date(5) }, { at: new Date(5).toISOString() }, ["at"]],
    [{ at: new Date(5) }, { at: new Date(6) }, ["at"]],
    [{ a: { b: null } }, { a: { b: undefined } }, ["a.b"]],
    [new Map([["x", { y: 1 }]]), new Map([["x", { y: 2 }]]), ['["x"].y']],
    [new Set(["x"]), new Set(["y"]), ["(all)"]],
    [{ set: new Set(["x"]) }, { set: new Set(["x"]) }, []],
    [{ bytes: Uint8Array.of(1, 2) }, { bytes: Uint8Array.of(1, 3) }, ["bytes"]],
    [{ bytes: Uint8Array.of(1, 2) }, { bytes: Uint8Array.of(1, 2) }, []],
    [{ n: Number.NaN }, { n: Number.NaN }, []],
    [{ map: new Map() }, { map: {} }, ["map"]],
    [1, 2, ["(all)"]],
  ])("%o and %o in %o", (left, right, fields) => {
    expect(findDifferingFields(left, right)).toEqual(fields);
  });
});
