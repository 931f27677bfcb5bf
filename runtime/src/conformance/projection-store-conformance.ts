import type { Lease, RowTransaction, Store } from "../store/ports/index.js";
import { expectEqual, expectTrue } from "../testing/expectations/index.js";
import {
  type ConformanceCase,
  defineCase,
  first,
  idsOf,
  type OpenStore,
  rowCodec,
  type StoreUnderTest,
  step,
  type TestRow,
  table,
  tableOf,
  take,
  tenant,
} from "./cases/index.js";
import { deadLetterCases } from "./dead-letter-cases.js";

/** Returns the cases of the projection store port, for any test runner: `for (const c of cases) it(c.name, c.run)`. */
export function projectionStoreConformance(open: OpenStore): readonly ConformanceCase[] {
  const on = (name: string, test: (store: Store, under: StoreUnderTest) => Promise<void>) =>
    defineCase(open, name, (under) => test(under.store, under));
  return [
    on("makes the first version of a projection live", registers),
    on("replaces the live version of a projection", promotes),
    on("registers one live version when several processes start at once", registersOnce),
    on("rebuilds a version while another one is live, and drops the replaced one", rebuilds),
    on("leases a shard to one worker at a time, under an increasing epoch", leases),
    on("takes over a shard whose lease has expired, and writes nothing for the previous owner", fences),
    on("extends the leases of a live worker, and lists live workers", beats),
    on("lets one of two workers commit a step", stepsOnce),
    on("moves checkpoints of several shards together, each under its lease", advances),
    on("loses no update of rows that several shards share", sharesRows),
    on("writes nothing once a pause has resolved", pauses),
    ...deadLetterCases(open),
  ];
}

async function statesOf(store: Store): Promise<readonly string[]> {
  const builds = await store.projections.list(["p"]);
  return builds.map(({ version, generation, state }) => `${version}.${generation} ${state}`);
}

async function registers(store: Store): Promise<void> {
  const { projections } = store;
  expectEqual("before it is registered", await projections.live("p"), undefined);
  await projections.register({ name: "p", version: 3, shards: 2 });
  await projections.register({ name: "p", version: 4, shards: 1 });
  await projections.register({ name: "q", version: 1, shards: 1 });
  await projections.register({ name: "p", version: 3, shards: 7 });
  expectEqual("the builds", await statesOf(store), ["3.1 live", "4.1 building"]);
  expectEqual("the live build", await projections.live("p"), { name: "p", version: 3, generation: 1 });
  for (const after of [7, 9]) await projections.register({ name: "r", version: 1, shards: 2, after });
  const positions = (await projections.list(["r"]))[0]?.shards.map(({ position }) => position);
  expectEqual("where a build begins", positions, [7, 7]);
  const [build] = await projections.list(["p", "unknown"]);
  const free = { position: 0, deadLetters: 0 };
  expectEqual("the build", build, {
    ...{ name: "p", version: 3, generation: 1, state: "live", paused: false },
    shards: [
      { shard: 0, ...free },
      { shard: 1, ...free },
    ],
  });
}

async function promotes(store: Store): Promise<void> {
  const { projections } = store;
  for (const version of [1, 2, 3, 4]) await projections.register({ name: "p", version, shards: 1 });
  await projections.promote({ name: "p", version: 3, generation: 1 });
  expectEqual("the builds", await statesOf(store), ["1.1 retired", "2.1 retired", "3.1 live", "4.1 building"]);
  await projections.promote({ name: "p", version: 3, generation: 1 });
  expectEqual("the live build, promoted again", (await projections.live("p"))?.version, 3);
  const thrown = await projections.promote({ name: "p", version: 9, generation: 1 }).catch((error: unknown) => error);
  expectTrue(thrown instanceof Error, "expected an error for an unknown version", String(thrown));
  expectEqual("the live build after that", (await projections.live("p"))?.version, 3);
}

async function registersOnce(_: Store, under: StoreUnderTest): Promise<void> {
  const stores = [under.store, await under.peer()];
  await Promise.all(
    Array.from({ length: 8 }, (__, i) =>
      (stores[i % 2] as Store).projections.register({ name: "p", version: 1 + (i % 4), shards: 1 }),
    ),
  );
  const states = (await statesOf(under.store)).map((state) => state.split(" ")[1]).sort();
  expectEqual("the states", states, ["building", "building", "building", "live"]);
}

async function rebuilds(store: Store): Promise<void> {
  const { projections, rows } = store;
  await projections.register({ name: "p", version: 1, shards: 1 });
  const old = await take(store);
  const name = table.name;
  const write = (generation: number, ids: readonly string[]) => async (transaction: RowTransaction) => {
    for (const id of ids)
      await transaction.put({ ...table, name: "p", generation }, tenant, id, rowCodec.create({ id }));
    await transaction.put(table, tenant, "other", rowCodec.create({ id: "other" }));
  };
  await step(projections, old, 0, 5, write(1, ["a", "b", "c"]));
  const second = await projections.rebuild({ name: "p", version: 1, shards: 3 });
  expectEqual("the new build", second, { ...first, generation: 2 });
  expectEqual(
    "a build that takes its place",
    (await projections.rebuild({ name: "p", version: 1, shards: 2 })).generation,
    3,
  );
  expectEqual("the builds", await statesOf(store), ["1.1 live", "1.2 retired", "1.3 building"]);
  const third = { ...first, generation: 3 };
  const lease = (await projections.acquire({ ...third, shard: 0 }, "w", 60_000)) as Lease;
  expectEqual("its position", lease.position, 0);
  await step(projections, lease, 0, 5, write(3, ["a"]));
  expectEqual("rows of a live build are not dropped", await projections.drop(first, 10), false);
  await projections.promote(third);
  expectEqual("the builds", await statesOf(store), ["1.1 retired", "1.2 retired", "1.3 live"]);
  expectEqual("a step of the replaced build", await step(projections, old, 5, 6), false);
  const retired = (await projections.list(["p"]))[0]?.retiredFor ?? -1;
  expectTrue(retired >= 0 && retired < 60_000, "expected the time since it was replaced", retired);
  expectEqual("rows are left", await projections.drop(first, 2), true);
  while (await projections.drop(first, 2)) {}
  const count = (generation: number) => rows.count({ ...table, name: "p", generation }, tenant, []);
  expectEqual("the rows of each build", [await count(1), await count(3)], [0, 1]);
  expectEqual("the rows of others", await idsOf(rows, []), ["other"]);
  expectEqual("the builds", await statesOf(store), ["1.2 retired", "1.3 live"]);
  await projections.register({ name: "p", version: 1, shards: 1 });
  expectEqual("what is known stays", await statesOf(store), ["1.2 retired", "1.3 live"]);
  expectEqual("the next build", (await projections.rebuild({ name: "p", version: 1, shards: 1 })).generation, 4);
  expectTrue(name !== "p", "expected another table", name);
}

async function leases(_: Store, under: StoreUnderTest): Promise<void> {
  const stores = [under.store, await under.peer()] as const;
  const { projections } = stores[0];
  await projections.register({ name: "p", version: 1, shards: 2 });
  const taken = await Promise.all(
    ["v", "w"].map((worker, i) => (stores[i] as Store).projections.acquire({ ...first, shard: 0 }, worker, 60_000)),
  );
  const won = taken.filter((lease) => lease !== undefined);
  expectEqual("how many got it", won.length, 1);
  const [lease] = won as [Lease];
  const winner = taken[0] === undefined ? "w" : "v";
  const owners = async () => (await projections.list(["p"]))[0]?.shards.map(({ owner }) => owner ?? "nobody");
  expectEqual("the owners", await owners(), [winner, "nobody"]);
  const again = (await projections.acquire({ ...first, shard: 0 }, winner, 60_000)) as Lease;
  expectTrue(again.epoch > lease.epoch, "expected a higher epoch", [lease.epoch, again.epoch]);
  expectEqual("a step under the old epoch", await step(projections, lease, 0, 1), false);
  await projections.release(lease);
  expectEqual("after an old lease was given back", await owners(), [winner, "nobody"]);
  expectEqual("a step", await step(projections, again, 0, 1), true);
  await projections.release(again);
  expectEqual("after it was given back", await owners(), ["nobody", "nobody"]);
  const next = (await projections.acquire({ ...first, shard: 0 }, "x", 60_000)) as Lease;
  expectEqual("the position for the next", next.position, 1);
  await projections.leave("x");
  expectEqual("after its worker has left", await owners(), ["nobody", "nobody"]);
  expectEqual("a shard that is not there", await projections.acquire({ ...first, shard: 2 }, "x", 1), undefined);
}

async function fences(store: Store): Promise<void> {
  const { projections, rows } = store;
  await projections.register({ name: "p", version: 1, shards: 1 });
  const zombie = await take(store, 0, "zombie", 50);
  expectEqual(
    "while the lease lasts",
    await projections.acquire({ ...first, shard: 0 }, "successor", 60_000),
    undefined,
  );
  await new Promise((resolve) => setTimeout(resolve, 120));
  const write = (title: string) => async (transaction: RowTransaction) =>
    transaction.put(table, tenant, "a", rowCodec.create({ id: "a", title }));
  expectEqual("a step after its end that nobody used", await step(projections, zombie, 0, 1, write("late")), true);
  const successor = await take(store, 0, "successor");
  expectEqual("where the new owner continues", successor.position, 1);
  expectEqual("a step of the zombie", await step(projections, zombie, 1, 2, write("zombie")), false);
  expectEqual("a step of the successor", await step(projections, successor, 1, 2, write("successor")), true);
  expectEqual("another of the zombie", await step(projections, zombie, 2, 3, write("zombie")), false);
  expectEqual("the row", ((await rows.get(table, tenant, "a")) as TestRow).title, "successor");
}

async function beats(store: Store): Promise<void> {
  const { projections } = store;
  await projections.register({ name: "p", version: 1, shards: 1 });
  const lease = await take(store, 0, "w", 300);
  for (let i = 0; i < 4; i++) {
    await new Promise((resolve) => setTimeout(resolve, 100));
    await projections.heartbeat("w", ["p", "q"], 300);
  }
  expectEqual("the lease continues", await projections.acquire({ ...first, shard: 0 }, "v", 60_000), undefined);
  expectEqual("its epoch stays", await step(projections, lease, 0, 1), true);
  const seen = await projections.heartbeat("v", ["p"], 60_000);
  expectEqual("who is alive", [...seen.workers].map(({ worker }) => worker).sort(), ["v", "w"]);
  expectEqual("the builds", seen.builds, await projections.list(["p"]));
  expectEqual(
    "whose builds",
    seen.builds.map(({ name }) => name),
    ["p"],
  );
  await new Promise((resolve) => setTimeout(resolve, 400));
  expectEqual(
    "who is alive later",
    (await projections.heartbeat("v", ["p"], 60_000)).workers.map(({ worker }) => worker),
    ["v"],
  );
  expectEqual("whose lease it is then", (await take(store, 0, "v")).position, 1);
  await step(projections, await take(store, 0, "v", 50), 1, 2, undefined, { lease: 60_000 });
  await new Promise((resolve) => setTimeout(resolve, 100));
  expectEqual("a step renews too", await projections.acquire({ ...first, shard: 0 }, "w", 60_000), undefined);
}

async function advances(store: Store): Promise<void> {
  const { projections } = store;
  await projections.register({ name: "p", version: 1, shards: 2 });
  const [zero, one] = [await take(store, 0), await take(store, 1)];
  const move = ({ epoch, shard }: Lease, from: number, to: number) => ({ ...first, shard, epoch, from, to });
  const positions = async () => (await projections.list(["p"])).flatMap(({ shards }) => shards.map((s) => s.position));
  expectEqual("both", await projections.advance([move(zero, 0, 3), move(one, 0, 5)]), [true, true]);
  expectEqual("their positions", await positions(), [3, 5]);
  const again = [move(one, 0, 5), move({ ...zero, epoch: zero.epoch - 1 }, 3, 9), move({ ...zero, shard: 2 }, 0, 9)];
  expectEqual("a repetition, an old epoch, no shard", await projections.advance(again), [true, false, false]);
  expectEqual("from elsewhere", await projections.advance([move(zero, 2, 9)]), [false]);
  expectEqual("the positions then", await positions(), [3, 5]);
  expectEqual("the next step", await step(projections, zero, 3, 4), true);
  expectEqual("nothing", await projections.advance([]), []);
}

async function stepsOnce(_: Store, under: StoreUnderTest): Promise<void> {
  const stores = [under.store, await under.peer()];
  await under.store.projections.register({ name: "p", version: 1, shards: 1 });
  const lease = await take(under.store);
  const add = async (transaction: RowTransaction) => {
    const row = (await transaction.get(table, tenant, "sum")) as TestRow | undefined;
    await new Promise((resolve) => setTimeout(resolve, 1));
    await transaction.put(table, tenant, "sum", rowCodec.create({ id: "sum", amount: (row?.amount ?? 0n) + 1n }));
  };
  for (let round = 0; round < 10; round++) {
    const moved = await Promise.all(stores.map((store) => step(store.projections, lease, round, round + 1, add)));
    expectEqual("who made the step", moved.filter(Boolean).length, 1);
  }
  const { rows, projections } = under.store;
  expectEqual("the sum", String(((await rows.get(table, tenant, "sum")) as TestRow).amount), "10");
  expectEqual("a step from behind", await step(projections, lease, 3, 11, add), false);
  expectEqual("a step of what nobody registered", await step(projections, { ...lease, version: 2 }, 0, 1, add), false);
  expectEqual("the sum", String(((await rows.get(table, tenant, "sum")) as TestRow).amount), "10");
}

async function sharesRows(_: Store, under: StoreUnderTest): Promise<void> {
  const stores = [under.store, await under.peer()];
  await under.store.projections.register({ name: "p", version: 1, shards: 2 });
  const shared = tableOf(5);
  const work = async (shard: number) => {
    const lease = await take(under.store, shard);
    for (let round = 0; round < 20; round++) {
      const add = async (transaction: RowTransaction) => {
        const keys = ["x", "y"].map((key) => ({ tenant, key }));
        await transaction.prefetch(shared, shard === 0 ? keys : [...keys].reverse());
        for (const { key } of keys) {
          const row = (await transaction.get(shared, tenant, key)) as TestRow | undefined;
          await transaction.put(shared, tenant, key, rowCodec.create({ id: key, amount: (row?.amount ?? 0n) + 1n }));
        }
      };
      const moved = await step((stores[shard] as Store).projections, lease, round, round + 1, add, { lockRows: true });
      expectEqual("the step", moved, true);
    }
  };
  await Promise.all([work(0), work(1)]);
  const amounts = await Promise.all(["x", "y"].map((key) => under.store.rows.get(shared, tenant, key)));
  expectEqual(
    "the sums",
    amounts.map((row) => String((row as TestRow).amount)),
    ["40", "40"],
  );
}

async function pauses(store: Store, under: StoreUnderTest): Promise<void> {
  const { projections, rows } = store;
  const peer = await under.peer();
  await projections.register({ name: "p", version: 1, shards: 1 });
  const lease = await take(store);
  const slow = step(projections, lease, 0, 1, async (transaction) => {
    await new Promise((resolve) => setTimeout(resolve, 50));
    await transaction.put(table, tenant, "a", rowCodec.create({ id: "a" }));
  });
  await peer.projections.setPaused("p", true);
  const seen = await idsOf(rows, []);
  await slow;
  expectEqual("what a step has written after the pause", await idsOf(rows, []), seen);
  const { position = -1 } = (await projections.list(["p"]))[0]?.shards[0] ?? {};
  expectEqual("a step of the paused", await step(projections, lease, position, 9), false);
  expectEqual("who gets it", await projections.acquire({ ...first, shard: 0 }, "w", 60_000), undefined);
  await projections.register({ name: "p", version: 2, shards: 1 });
  expectEqual(
    "the builds",
    (await projections.list(["p"])).map(({ paused }) => paused),
    [true, true],
  );
  await projections.setPaused("p", false);
  expectEqual("the position then", (await take(store)).position, position);
}
