import fc from "fast-check";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { pglite } from "../adapters/pglite/index.js";
import { memory } from "../store/memory/index.js";
import type { Store } from "../store/ports/index.js";
import { Replica } from "./waits.fixture.js";

const lost = {
  code: "out_of_range",
  details: [{ typeName: "google.rpc.ErrorInfo", json: { reason: "POSITION_LOST" } }],
};

describe.each(Object.entries({ memory, pglite: () => pglite() }))("positions on %s", (_, openStore) => {
  let store: Store;
  const replicas: Replica[] = [];
  const start = (on: Store = store, options?: ConstructorParameters<typeof Replica>[1]) => {
    const replica = new Replica(on, options);
    replicas.push(replica);
    return replica;
  };
  const positionOf = async (replica: Replica, id: string) => {
    const { headers } = await replica.open(id, { after: "0" });
    return headers.get("potter-position") as string;
  };

  beforeEach(async () => {
    store = openStore();
    await store.start();
  });
  afterEach(async () => {
    vi.useRealTimers();
    await Promise.all(replicas.splice(0).map(({ app }) => app.stop()));
    await store.stop();
  });

  it("are returned to callers who ask for them, and to no others", async () => {
    const one = start();
    expect([...(await one.open("a")).headers]).toEqual([]);
    const { headers, wait } = await one.deposit("a", 5, { after: "0" });
    expect([...headers].map(([name]) => name)).toEqual(["potter-position"]);
    expect(headers.get("potter-position")).toBe(wait?.position);
    expect(wait?.position).toMatch(/^[\w-]{40,}$/);
  });

  it("make a query of another process include the writes before them", async () => {
    const [one, two] = [start(), start()];
    await Promise.all([one.app.start(), two.app.start()]);
    await one.open("a");
    let sum = 0;
    for (let amount = 1; amount <= 10; amount++) {
      const { wait } = await (amount % 2 ? one : two).deposit("a", amount, { after: "0" });
      sum += amount;
      expect(await (amount % 2 ? two : one).balance("a", { after: wait?.position })).toBe(sum);
    }
  });

  it("are awaited for as long as the projection lags, and no longer than the caller allows", async () => {
    const one = start();
    await one.app.start();
    await one.app.projection("Total").pause();
    const position = await positionOf(one, "a");
    expect(await one.balance("a")).toBe(-1);
    await expect(one.balance("a", { after: position, within: 50 })).rejects.toMatchObject({
      code: "unavailable",
      message: expect.stringContaining("does not include the position of potter-after yet"),
      retryAfter: 1_000,
    });
    const reading = one.balance("a", { after: position });
    await one.app.projection("Total").resume();
    expect(await reading).toBe(0);
  });

  it("are in every row of an inline read model", async () => {
    const one = start(store, { projection: { mode: "inline" } });
    const position = await positionOf(one, "a");
    expect(await one.balance("a", { after: position, within: 0 })).toBe(0);
    expect((await one.deposit("a", 1, { until: ["Total"], within: 0 })).wait?.state).toBe("reached");
  });

  it("of another tenant or another store are lost, and so are texts that are no positions", async () => {
    const one = start();
    const position = await positionOf(one, "a");
    await expect(one.balance("a", { after: position }, { tenant: "t" })).rejects.toMatchObject(lost);
    const { wait } = await one.open("a", { after: "0" }, { tenant: "t" });
    expect(await one.balance("a", { after: wait?.position }, { tenant: "t" })).toBe(0);
    const changed = `${position.slice(0, -1)}${position.endsWith("A") ? "B" : "A"}`;
    for (const after of ["1", "-1", "0x0", "a", position.slice(1), `${position}A`, changed, "A".repeat(20_000)]) {
      await expect(one.balance("a", { after })).rejects.toMatchObject(lost);
      await expect(one.deposit("a", 1, { after })).rejects.toMatchObject(lost);
    }
    for (const after of ["", " , "]) {
      await expect(one.balance("a", { after })).rejects.toMatchObject({ code: "invalid_argument" });
    }
    const later = (await one.deposit("a", 1, { after: "0" })).wait?.position;
    expect(await one.balance("a", { after: `${position}, ${later}` })).toBe(1);
    await expect(one.balance("a", { after: `${position}, ${changed}` })).rejects.toMatchObject(lost);
    expect(await one.app.history({ definition: { type: "account" } }, "a")).toHaveLength(2);
    const other = openStore();
    await other.start();
    await expect(start(other).balance("a", { after: position })).rejects.toMatchObject(lost);
    await Promise.all(replicas.splice(1).map(({ app }) => app.stop()));
    await other.stop();
  });

  it("are lost in a store that was restored from a backup, also when it has as many events again", async () => {
    const before = start();
    await before.open("a");
    const { wait } = await before.deposit("a", 5, { after: "0" });
    const after = wait?.position;
    const restored = openStore();
    await restored.start();
    // With the keys of the old store, but not with its last events.
    const keys = store.keys;
    const replica = start({ ...restored, ...(keys && { keys }) });
    await replica.open("a");
    await expect(replica.balance("a", { after })).rejects.toMatchObject(lost);
    await replica.deposit("a", 1);
    await replica.deposit("a", 1);
    // A fresh process, which does not remember what it has checked; the tokens were made long before the new events.
    vi.useFakeTimers({ toFake: ["Date"], now: Date.now() - 3_600_000 });
    const old = await before.deposit("a", 5, { after: "0" });
    vi.useRealTimers();
    await replica.deposit("a", 1);
    await expect(replica.balance("a", { after: old.wait?.position })).rejects.toMatchObject(lost);
    await replica.app.stop();
    await restored.stop();
  });

  it("that are random texts are refused, whatever they contain", async () => {
    const one = start();
    const position = await positionOf(one, "a");
    const characters = fc.constantFrom(..."ABCYZabcyz0189-_=+/., \u0000é");
    const text = fc.oneof(
      fc.string({ maxLength: 200 }),
      fc.string({ unit: characters, minLength: 1, maxLength: 200 }),
      fc
        .tuple(fc.nat(position.length - 1), characters)
        .map(([at, one]) => position.slice(0, at) + one + position.slice(at + 1)),
    );
    await fc.assert(
      fc.asyncProperty(text, async (after) => {
        const tokens = after.split(",").map((token) => token.trim());
        if (tokens.some((token) => token === "0") || tokens.every((token) => token === position || token === ""))
          return;
        const refused = await one.balance("a", { after }).then(
          () => "accepted",
          (error: { code?: string }) => error.code,
        );
        expect(["out_of_range", "invalid_argument"]).toContain(refused);
      }),
      { numRuns: 300 },
    );
  });
});
