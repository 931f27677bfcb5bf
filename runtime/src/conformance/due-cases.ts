import type { DueRow, RowTable, Store } from "../store/ports/index.js";
import { expectEqual, expectTrue } from "../testing/expectations/index.js";
import {
  type ConformanceCase,
  defineCase,
  type OpenStore,
  rowCodec,
  type StoreUnderTest,
  tableOf,
} from "./cases/index.js";

const timed: RowTable = { ...tableOf(), due: "amount" };
const other: RowTable = { ...tableOf(), name: `${tableOf().name}2`, due: "amount" };

/** Rows by the time at which they are due. */
export function dueCases(open: OpenStore): readonly ConformanceCase[] {
  return [
    defineCase(open, "returns the rows that are due, the oldest first, of all tenants", returnsDue),
    defineCase(open, "returns a row as long as it is due", followsChanges),
    defineCase(open, "returns due rows up to a limit, and when the next is due", limits),
    defineCase(open, "refuses a time that is none, and finds rows by the time at which they are due", checksTimes),
    defineCase(open, "knows the rows that other transactions make due", knowsOthers),
  ];
}

async function put(store: Store, table: RowTable, tenant: string, id: string, due: number): Promise<void> {
  await store.rows.transact((tx) => tx.put(table, tenant, id, rowCodec.create({ id, amount: BigInt(due), title: id })));
}

const textOf = ({ table, tenant, key, due }: DueRow) =>
  `${table === other.name ? "other " : ""}${tenant} ${key} ${due}`;

async function returnsDue({ store, peer }: StoreUnderTest): Promise<void> {
  expectEqual("no rows", (await store.rows.due([timed, other], 10)).rows, []);
  expectEqual("no next row", (await store.rows.due([timed, other], 10)).next, undefined);
  const { now } = await store.rows.due([], 10);
  expectTrue(Number.isSafeInteger(now) && now > 1_700_000_000_000, "expected milliseconds since 1970", now);
  const later = now + 3_600_000;
  await put(store, timed, "t", "late", later);
  await put(store, timed, "u\0", "c\0", 3000);
  await put(store, timed, "", "a", 1000);
  await put(store, timed, "t", "never", 0);
  await put(store, other, "t", "b", 2000);
  await put(store, other, "t", "d", now);
  await put(store, { ...timed, version: 2 }, "t", "elsewhere", 500);
  const { rows } = await peer();
  const all = await rows.due([timed, other], 10);
  expectEqual("the due rows", all.rows.map(textOf), [" a 1000", "other t b 2000", "u\0 c\0 3000", `other t d ${now}`]);
  expectEqual("the next row", all.next, later);
  expectTrue(all.now >= now && all.now < later, "expected a clock that advances", all.now);
  const one = await rows.due([other], 10);
  expectEqual(
    "the due rows of one table",
    [one.rows.map(textOf), one.next],
    [["other t b 2000", `other t d ${now}`], undefined],
  );
}

async function followsChanges({ store }: StoreUnderTest): Promise<void> {
  const { rows } = store;
  const keys = async () => (await rows.due([timed], 10)).rows.map(({ key }) => key);
  await put(store, timed, "t", "a", 1000);
  await put(store, timed, "t", "b", 2000);
  await put(store, timed, "t", "c", 3000);
  expectEqual("as written", await keys(), ["a", "b", "c"]);
  expectEqual("as they were", await keys(), ["a", "b", "c"]);
  await put(store, timed, "t", "a", 4000);
  expectEqual("with another time", await keys(), ["b", "c", "a"]);
  await put(store, timed, "t", "b", 0);
  await rows.transact((tx) => tx.delete(timed, "t", "c"));
  expectEqual("without those that are not due any more", await keys(), ["a"]);
  await put(store, timed, "t", "a", 4000);
  expectEqual("a row that was written again", await keys(), ["a"]);
  for (let i = 0; i < 200; i++) await put(store, timed, "t", `${i % 5}`, 5000 + i);
  expectEqual("after many changes", await keys(), ["a", "0", "1", "2", "3", "4"]);
}

async function limits({ store }: StoreUnderTest): Promise<void> {
  const { rows } = store;
  const order = [3, 0, 4, 1, 2];
  for (const i of order) await put(store, i % 2 === 0 ? timed : other, "t", `${i}`, 1000 + i);
  const found = async (limit: number) => {
    const { rows: due, next } = await rows.due([timed, other], limit);
    return [due.map(({ key }) => key).join(""), next];
  };
  expectEqual("none", await found(0), ["", 1000]);
  expectEqual("some", await found(3), ["012", 1003]);
  expectEqual("all", await found(5), ["01234", undefined]);
  const error = await rows.due([timed], -1).catch((thrown: unknown) => thrown);
  expectEqual("a limit below 0", (error as { code?: string }).code, "invalid_argument");
}

async function checksTimes({ store }: StoreUnderTest): Promise<void> {
  const { rows } = store;
  const error = await put(store, timed, "t", "a", -1).catch((thrown: unknown) => thrown);
  expectEqual("a negative time", (error as { code?: string }).code, "invalid_argument");
  await put(store, timed, "t", "a", 1000);
  await put(store, timed, "t", "b", 2000);
  await put(store, timed, "t", "c", 0);
  const found = async (op: "eq" | "ne" | "gt", value: number) =>
    (await rows.scan(timed, "t", { conditions: [{ field: "amount", op, value }], limit: 9 })).map(({ key }) => key);
  expectEqual("by an equal time", await found("eq", 1000), ["a"]);
  expectEqual("by another time", await found("ne", 1000), ["b", "c"]);
  expectEqual("by a later time", await found("gt", 0), ["a", "b"]);
  expectEqual("their number", await rows.count(timed, "t", [{ field: "amount", op: "eq", value: 0 }]), 1);
  expectEqual("by another field", await rows.count(timed, "t", [{ field: "title", op: "eq", value: "b" }]), 1);
}

async function knowsOthers({ store }: StoreUnderTest): Promise<void> {
  const result = await store.events.append({
    stream: { tenant: "t", type: "Note", id: "a" },
    expectedVersion: 0,
    events: [],
    correlationId: "c",
    causationId: "k",
    metadata: {},
    command: { id: "c1", requestHash: "h", response: new Uint8Array() },
    inline: (_, tx) => tx.put(timed, "t", "a", rowCodec.create({ id: "a", amount: 1000n })),
  });
  expectEqual("the append", result.kind, "appended");
  expectEqual("the due rows", (await store.rows.due([timed], 10)).rows.map(textOf), ["t a 1000"]);
}
