import type { RowStore, Store } from "../event-store/index.js";
import { type ConformanceCase, defineCase, type OpenStore, type StoreUnderTest } from "./conformance.js";
import { rowCodec, type TestRow, tableOf } from "./conformance-messages.js";
import { idsOf, put, table, tenant } from "./conformance-rows.js";
import { expectEqual, expectTrue } from "./expectation.js";
import { rowConditionCases } from "./row-condition-conformance.js";

/** All that a row store must do, as cases for any test runner: `for (const c of cases) it(c.name, c.run)`. */
export function rowStoreConformance(open: OpenStore): readonly ConformanceCase[] {
  const on = (name: string, test: (rows: RowStore, under: StoreUnderTest) => Promise<void>) =>
    defineCase(open, name, (under) => test(under.store.rows, under));
  return [
    on("reads back rows that were written", readsBack),
    on("keeps tables, versions and tenants of rows apart", keepsApart),
    on("gives copies, so that only a write changes a row", givesCopies),
    on("scans rows in the order of their keys", scansInOrder),
    ...rowConditionCases(open),
    on("takes changes of rows back when a move of a checkpoint fails", takesBack),
    on("makes the first version of a projection live", registers),
    on("replaces the live version of a projection", promotes),
    on("registers one live version when several processes start at once", registersOnce),
    on("lets one of two workers make a move", fences),
    on("keeps rows and checkpoints for other processes", keepsForOthers),
  ];
}

async function readsBack(rows: RowStore): Promise<void> {
  expectEqual("a row before there is any", await rows.get(table, tenant, "a"), undefined);
  expectEqual("rows before there are any", [await idsOf(rows, []), await rows.count(table, tenant, [])], [[], 0]);
  await put(
    rows,
    { id: "a", title: "A\0\u0001", amount: -9007199254740993n, ratio: 0.1, open: true, label: "" },
    { id: "b" },
  );
  const row = (await rows.get(table, tenant, "a")) as TestRow;
  expectEqual(
    "the row",
    [row.id, row.title, String(row.amount), row.ratio, row.open, row.label],
    ["a", "A\0\u0001", "-9007199254740993", 0.1, true, ""],
  );
  expectEqual("a field that is not set", ((await rows.get(table, tenant, "b")) as TestRow).label, undefined);
  await rows.commit({ name: "fill", version: 1, from: 1, to: 2 }, async (transaction) => {
    await transaction.delete(table, tenant, "a");
    await transaction.delete(table, tenant, "never there");
    await transaction.put(table, tenant, "b", rowCodec.create({ id: "b", title: "new" }));
  });
  expectEqual("the deleted row", await rows.get(table, tenant, "a"), undefined);
  expectEqual("the rewritten row", ((await rows.get(table, tenant, "b")) as TestRow).title, "new");
  expectEqual("the number of rows", await rows.count(table, tenant, []), 1);
}

async function keepsApart(rows: RowStore): Promise<void> {
  await rows.register("fill", 1);
  const places = [
    { table, tenant: "" },
    { table, tenant: "t" },
    { table: tableOf(2), tenant: "t" },
    { table: { ...table, name: `${table.name}1` }, tenant: "t" },
    { table, tenant: "t\0" },
  ];
  await rows.commit({ name: "fill", version: 1, from: 0, to: 1 }, async (transaction) => {
    for (const [i, place] of places.entries()) {
      await transaction.put(place.table, place.tenant, "k", rowCodec.create({ id: `${i}` }));
    }
  });
  for (const [i, place] of places.entries()) {
    expectEqual("the row", ((await rows.get(place.table, place.tenant, "k")) as TestRow).id, `${i}`);
    expectEqual("the number of rows", await rows.count(place.table, place.tenant, []), 1);
    expectEqual(
      "the keys",
      (await rows.scan(place.table, place.tenant, { conditions: [], limit: 9 })).map(({ key }) => key),
      ["k"],
    );
  }
}

async function givesCopies(rows: RowStore): Promise<void> {
  await rows.register("fill", 1);
  const row = rowCodec.create({ id: "a", title: "as written" }) as { id: string; title: string };
  await rows.commit({ name: "fill", version: 1, from: 0, to: 1 }, async (transaction) => {
    await transaction.put(table, tenant, "a", row);
    row.title = "changed";
    ((await transaction.get(table, tenant, "a")) as { title: string }).title = "changed";
  });
  ((await rows.get(table, tenant, "a")) as { title: string }).title = "changed";
  const [scanned] = await rows.scan(table, tenant, { conditions: [], limit: 1 });
  (scanned?.row as { title: string }).title = "changed";
  expectEqual("the row", ((await rows.get(table, tenant, "a")) as TestRow).title, "as written");
}

async function scansInOrder(rows: RowStore): Promise<void> {
  // By code units of UTF-8; JavaScript's own order would put the last two the other way round.
  const keys = [
    "",
    "\0",
    "\u0001",
    "\u0002",
    " ",
    "A",
    "B",
    "a",
    "a\0",
    "a\u0001",
    "aa",
    "b",
    "\u00e4",
    "\u20ac",
    "\uffff",
    "\u{1f600}",
  ];
  await put(rows, ...[...keys].reverse().map((id) => ({ id })));
  expectEqual("the order", await idsOf(rows, []), keys);
  for (const [i, key] of keys.entries()) {
    expectEqual(`the keys after ${JSON.stringify(key)}`, await idsOf(rows, [], key, 3), keys.slice(i + 1, i + 4));
  }
  expectEqual("the keys after one that is not there", await idsOf(rows, [], "ab", 2), ["b", "\u00e4"]);
  await put(rows, { id: "C" });
  expectEqual("the order with a new row", await idsOf(rows, [], "A", 3), ["B", "C", "a"]);
}

async function takesBack(rows: RowStore): Promise<void> {
  await put(rows, { id: "a", title: "before" });
  const failure = new Error("on purpose");
  const move = { name: "fill", version: 1, from: 1, to: 2 };
  const thrown = await rows
    .commit(move, async (transaction) => {
      await transaction.put(table, tenant, "a", rowCodec.create({ id: "a", title: "after" }));
      await transaction.put(table, tenant, "b", rowCodec.create({ id: "b" }));
      throw failure;
    })
    .catch((error: unknown) => error);
  expectTrue(thrown === failure, "expected the error of the change", String(thrown));
  expectEqual(
    "the rows",
    [((await rows.get(table, tenant, "a")) as TestRow).title, await idsOf(rows, [])],
    ["before", ["a"]],
  );
  expectEqual("the checkpoint", (await rows.register("fill", 1)).position, 1);
  expectEqual("the move after it", await rows.commit(move, async () => {}), true);
}

async function registers(rows: RowStore): Promise<void> {
  expectEqual("before it is registered", await rows.live("p"), undefined);
  const first = { name: "p", version: 3, position: 0, state: "live" };
  expectEqual("the first version", await rows.register("p", 3), first);
  expectEqual("a later version", await rows.register("p", 4), { ...first, version: 4, state: "building" });
  expectEqual("another name", await rows.register("q", 1), { name: "q", version: 1, position: 0, state: "live" });
  await rows.commit({ name: "p", version: 3, from: 0, to: 7 }, async () => {});
  expectEqual("the first version again", await rows.register("p", 3), { ...first, position: 7 });
  expectEqual("the live version", await rows.live("p"), { ...first, position: 7 });
}

async function promotes(rows: RowStore): Promise<void> {
  for (const version of [1, 2, 3]) await rows.register("p", version);
  await rows.commit({ name: "p", version: 2, from: 0, to: Number.MAX_SAFE_INTEGER }, async () => {});
  await rows.promote("p", 2);
  const live = { name: "p", version: 2, position: Number.MAX_SAFE_INTEGER, state: "live" };
  expectEqual("the live version", await rows.live("p"), live);
  expectEqual("the version before", (await rows.register("p", 1)).state, "retired");
  expectEqual("a later version", (await rows.register("p", 3)).state, "building");
  await rows.promote("p", 2);
  expectEqual("the live version, promoted again", await rows.live("p"), live);
  const thrown = await rows.promote("p", 9).catch((error: unknown) => error);
  expectTrue(thrown instanceof Error, "expected an error for an unknown version", thrown);
  expectEqual("the live version after that", await rows.live("p"), live);
}

async function registersOnce(_: RowStore, under: StoreUnderTest): Promise<void> {
  const stores = [under.store, await under.peer()];
  const calls = Array.from({ length: 8 }, (__, i) => (stores[i % 2] as Store).rows.register("p", 1 + (i % 4)));
  const states = new Map((await Promise.all(calls)).map(({ version, state }) => [version, state]));
  expectEqual("the states", [...states.values()].sort(), ["building", "building", "building", "live"]);
}

async function fences(_: RowStore, under: StoreUnderTest): Promise<void> {
  const stores = [under.store, await under.peer()];
  await under.store.rows.register("p", 1);
  for (let round = 0; round < 10; round++) {
    const move = { name: "p", version: 1, from: round, to: round + 1 };
    const work = (worker: number) =>
      (stores[worker] as Store).rows.commit(move, async (transaction) => {
        const row = (await transaction.get(table, tenant, "sum")) as TestRow | undefined;
        await new Promise((resolve) => setTimeout(resolve, 1));
        const amount = (row?.amount ?? 0n) + 1n;
        await transaction.put(table, tenant, "sum", rowCodec.create({ id: "sum", amount }));
      });
    const moved = await Promise.all([work(0), work(1)]);
    expectEqual("who made the move", moved.filter(Boolean).length, 1);
  }
  const { rows } = under.store;
  expectEqual("the sum", String(((await rows.get(table, tenant, "sum")) as TestRow).amount), "10");
  const write = async () => {
    throw new Error("expected that nothing is applied");
  };
  expectEqual("a move from behind", await rows.commit({ name: "p", version: 1, from: 3, to: 11 }, write), false);
  expectEqual(
    "a move of what nobody registered",
    await rows.commit({ name: "p", version: 2, from: 0, to: 1 }, write),
    false,
  );
  expectEqual("the checkpoint", (await rows.live("p"))?.position, 10);
}

async function keepsForOthers(rows: RowStore, under: StoreUnderTest): Promise<void> {
  await put(rows, { id: "a" });
  const peer = await under.peer();
  expectEqual("the row", ((await peer.rows.get(table, tenant, "a")) as TestRow).id, "a");
  expectEqual("the checkpoint", (await peer.rows.live("fill"))?.position, 1);
}
