import type { Store } from "../store/ports/index.js";
import { expectEqual, expectTrue } from "../testing/expectations/index.js";
import {
  type ConformanceCase,
  defineCase,
  idsOf,
  leaseOf,
  type OpenStore,
  put,
  rowCodec,
  type StoreUnderTest,
  type TestRow,
  table,
  tableOf,
  tenant,
  write,
} from "./cases/index.js";
import { dueCases } from "./due-cases.js";
import { rowAppendCases } from "./row-append-cases.js";
import { rowConditionCases } from "./row-condition-cases.js";
import { rowRecordCases } from "./row-record-cases.js";
import { transactCases } from "./transact-cases.js";

/** Returns the cases of the row port, for any test runner: `for (const c of cases) it(c.name, c.run)`. */
export function rowStoreConformance(open: OpenStore): readonly ConformanceCase[] {
  const on = (name: string, test: (store: Store, under: StoreUnderTest) => Promise<void>) =>
    defineCase(open, name, (under) => test(under.store, under));
  return [
    on("returns rows that were written", readsBack),
    on("returns its own row to each of many concurrent readers", servesMany),
    on("keeps tables, versions and tenants of rows apart", keepsApart),
    on("returns copies, so that only a write changes a row", givesCopies),
    on("scans rows in the order of their keys", scansInOrder),
    ...rowConditionCases(open),
    on("rolls back changes of rows when a checkpoint commit fails", takesBack),
    on("prefetches rows, and undoes an attempt that failed", readsAhead),
    on("keeps rows and checkpoints for other processes", keepsForOthers),
    ...transactCases(open),
    ...rowAppendCases(open),
    ...rowRecordCases(open),
    ...dueCases(open),
  ];
}

async function readsBack(store: Store): Promise<void> {
  const { rows } = store;
  expectEqual("a row before there is any", await rows.get(table, tenant, "a"), undefined);
  expectEqual("rows before there are any", [await idsOf(rows, []), await rows.count(table, tenant, [])], [[], 0]);
  await put(
    store,
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
  await write(store, async (transaction) => {
    await transaction.delete(table, tenant, "a");
    await transaction.delete(table, tenant, "never there");
    await transaction.put(table, tenant, "b", rowCodec.create({ id: "b", title: "new" }));
  });
  expectEqual("the deleted row", await rows.get(table, tenant, "a"), undefined);
  expectEqual("the rewritten row", ((await rows.get(table, tenant, "b")) as TestRow).title, "new");
  expectEqual("the number of rows", await rows.count(table, tenant, []), 1);
}

async function servesMany(store: Store): Promise<void> {
  const { rows } = store;
  const ids = Array.from({ length: 40 }, (_, i) => `many${i}`);
  await put(store, ...ids.filter((_, i) => i % 3 !== 0).map((id) => ({ id, title: `of ${id}` })));
  const requested = [...ids, "many1", "many0"];
  const found = await Promise.all([
    ...requested.map((id) => rows.get(table, tenant, id)),
    rows.get(table, `${tenant}-other`, "many1"),
    rows.get(tableOf(7), tenant, "many1"),
  ]);
  expectEqual(
    "the rows, in the order of the request",
    found.map((row) => (row as TestRow | undefined)?.title),
    [...requested.map((id) => (Number(id.slice(4)) % 3 === 0 ? undefined : `of ${id}`)), undefined, undefined],
  );
}

async function keepsApart(store: Store): Promise<void> {
  const { rows } = store;
  const groups = [
    { table, tenant: "" },
    { table, tenant: "t" },
    { table: tableOf(2), tenant: "t" },
    { table: { ...table, name: `${table.name}1` }, tenant: "t" },
    { table, tenant: "t\0" },
  ];
  await write(store, async (transaction) => {
    for (const [i, group] of groups.entries()) {
      await transaction.put(group.table, group.tenant, "k", rowCodec.create({ id: `${i}` }));
    }
  });
  for (const [i, group] of groups.entries()) {
    expectEqual("the row", ((await rows.get(group.table, group.tenant, "k")) as TestRow).id, `${i}`);
    expectEqual("the number of rows", await rows.count(group.table, group.tenant, []), 1);
    expectEqual(
      "the keys",
      (await rows.scan(group.table, group.tenant, { conditions: [], limit: 9 })).map(({ key }) => key),
      ["k"],
    );
  }
}

async function givesCopies(store: Store): Promise<void> {
  const { rows } = store;
  const row = rowCodec.create({ id: "a", title: "as written" }) as { id: string; title: string };
  await write(store, async (transaction) => {
    await transaction.put(table, tenant, "a", row);
    row.title = "changed";
    ((await transaction.get(table, tenant, "a")) as { title: string }).title = "changed";
  });
  ((await rows.get(table, tenant, "a")) as { title: string }).title = "changed";
  const [scanned] = await rows.scan(table, tenant, { conditions: [], limit: 1 });
  (scanned?.row as { title: string }).title = "changed";
  expectEqual("the row", ((await rows.get(table, tenant, "a")) as TestRow).title, "as written");
}

async function scansInOrder(store: Store): Promise<void> {
  const { rows } = store;
  // By UTF-8 code units; the order of JavaScript strings would swap the last two.
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
  await put(store, ...[...keys].reverse().map((id) => ({ id })));
  expectEqual("the order", await idsOf(rows, []), keys);
  for (const [i, key] of keys.entries()) {
    expectEqual(`the keys after ${JSON.stringify(key)}`, await idsOf(rows, [], key, 3), keys.slice(i + 1, i + 4));
  }
  expectEqual("the keys after one that is not there", await idsOf(rows, [], "ab", 2), ["b", "\u00e4"]);
  await put(store, { id: "C" });
  expectEqual("the order with a new row", await idsOf(rows, [], "A", 3), ["B", "C", "a"]);
}

async function takesBack(store: Store): Promise<void> {
  const { rows } = store;
  await put(store, { id: "a", title: "before" });
  const failure = new Error("on purpose");
  const thrown = await write(store, async (transaction) => {
    await transaction.put(table, tenant, "a", rowCodec.create({ id: "a", title: "after" }));
    await transaction.put(table, tenant, "b", rowCodec.create({ id: "b" }));
    throw failure;
  }).catch((error: unknown) => error);
  expectTrue(thrown === failure, "expected the error of the change", String(thrown));
  expectEqual(
    "the rows",
    [((await rows.get(table, tenant, "a")) as TestRow).title, await idsOf(rows, [])],
    ["before", ["a"]],
  );
  expectEqual("the checkpoint", (await leaseOf(store.projections, "fill")).position, 1);
  expectEqual("the move after it", await write(store, async () => {}), true);
}

async function readsAhead(store: Store): Promise<void> {
  const { rows } = store;
  await put(store, { id: "a", title: "old" }, { id: "b" }, { id: "c" });
  await write(store, async (transaction) => {
    await transaction.put(table, tenant, "a", rowCodec.create({ id: "a", title: "new" }));
    const keys = ["a", "b", "none", "none"].map((key) => ({ tenant, key }));
    expectEqual("what is missing", transaction.missing(table, keys), keys.slice(1));
    await transaction.prefetch(table, keys);
    expectEqual("what is missing then", transaction.missing(table, [...keys, { tenant: "u", key: "a" }]), [
      { tenant: "u", key: "a" },
    ]);
    const read = async (key: string) => (await transaction.get(table, tenant, key)) as TestRow | undefined;
    expectEqual(
      "the rows",
      [(await read("a"))?.title, (await read("b"))?.id, await read("none")],
      ["new", "b", undefined],
    );
    await transaction.delete(table, tenant, "c");
    const failure = new Error("on purpose");
    const thrown = await transaction
      .attempt(async () => {
        await transaction.put(table, tenant, "a", rowCodec.create({ id: "a", title: "taken back" }));
        await transaction.put(table, tenant, "c", rowCodec.create({ id: "c" }));
        await transaction.put(table, tenant, "d", rowCodec.create({ id: "d" }));
        await transaction.delete(table, tenant, "b");
        throw failure;
      })
      .catch((error: unknown) => error);
    expectTrue(thrown === failure, "expected the error of the attempt", String(thrown));
    expectEqual(
      "the rows after it",
      [(await read("a"))?.title, await read("c"), await read("d")],
      ["new", undefined, undefined],
    );
  });
  expectEqual("what was written", await idsOf(rows, []), ["a", "b"]);
}

async function keepsForOthers(store: Store, under: StoreUnderTest): Promise<void> {
  await put(store, { id: "a" });
  const peer = await under.peer();
  expectEqual("the row", ((await peer.rows.get(table, tenant, "a")) as TestRow).id, "a");
  expectEqual("the checkpoint", (await peer.projections.list(["fill"]))[0]?.shards[0]?.position, 1);
}
