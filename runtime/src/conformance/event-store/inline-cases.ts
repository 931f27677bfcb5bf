import type { AppendRequest, ApplyInline, EventStore, Store } from "../../store/ports/index.js";
import { expectEqual, expectTrue } from "../../testing/expectations/index.js";
import {
  type ConformanceCase,
  defineCase,
  note,
  type OpenStore,
  rowCodec,
  type StoreUnderTest,
  type TestRow,
  tableOf,
  textOf,
} from "../cases/index.js";

const table = tableOf();

/** What a handler does before it changes rows. */
type Begin = (inline: ApplyInline) => ApplyInline;

/** A store may run a handler before the append, unless it reads the position of an event. */
const begins: readonly (readonly [name: string, begin: Begin])[] = [
  ["", (inline) => inline],
  [
    ", by handlers that read the position",
    (inline) => (events, rows) => {
      expectTrue(
        events.every(({ position }) => position > 0),
        "expected positions",
        events,
      );
      return inline(events, rows);
    },
  ],
];

/** Rows that change in the transaction of an append. */
export function inlineCases(open: OpenStore): readonly ConformanceCase[] {
  return [
    defineCase(open, "changes rows in the transaction of their append", changesRows),
    defineCase(open, "takes everything back when an inline change fails", takesBack),
    ...begins.flatMap(([how, begin]) => [
      defineCase(open, `applies nothing inline for a conflict or a repeated command${how}`, (under) =>
        appliesNothing(under, begin),
      ),
      defineCase(open, `loses no inline change when many appends change one row${how}`, (under) =>
        losesNoChange(under, begin),
      ),
      defineCase(open, `ends every race of inline changes that ask for rows in different orders${how}`, (under) =>
        endsRaces(under, begin),
      ),
    ]),
  ];
}

function append(
  store: Store,
  id: string,
  expectedVersion: number,
  inline: ApplyInline,
  more: Partial<AppendRequest> = {},
) {
  const stream = { tenant: "t", type: "Note", id };
  const events = [note(`${id} 1`), note(`${id} 2`)];
  return store.events.append({
    stream,
    expectedVersion,
    events,
    correlationId: "c",
    causationId: "k",
    metadata: { a: "b" },
    inline,
    ...more,
  });
}

function row(id: string, amount: number): unknown {
  return rowCodec.create({ id, amount: BigInt(amount) });
}

async function amountOf(store: Store, key: string): Promise<number | undefined> {
  const found = (await store.rows.get(table, "t", key)) as TestRow | undefined;
  return found && Number(found.amount);
}

async function changesRows({ store, peer }: StoreUnderTest): Promise<void> {
  let given: readonly unknown[] = [];
  const result = await append(store, "a", 0, async (events, rows) => {
    given = events.map(({ id, position, stream, version, type, correlationId, metadata }) => [
      id,
      position,
      stream,
      version,
      type,
      correlationId,
      metadata,
    ]);
    expectEqual("the data given", events.map(textOf), ["a 1", "a 2"]);
    expectEqual("no row yet", await rows.get(table, "t", "a"), undefined);
    await rows.put(table, "t", "a", row("a", 1));
    expectEqual("its own write", Number(((await rows.get(table, "t", "a")) as TestRow).amount), 1);
    await rows.put(table, "t", "gone", row("gone", 1));
    await rows.delete(table, "t", "gone");
    expectEqual("its own deletion", await rows.get(table, "t", "gone"), undefined);
    await rows.put(table, "t", "a", row("a", 2));
  });
  expectEqual("the answer", [result.kind, "version" in result && result.version], ["appended", 2]);
  const other = await peer();
  expectEqual("the row", await amountOf(other, "a"), 2);
  expectEqual("the deleted row", await amountOf(other, "gone"), undefined);
  const recorded = await other.events.readStream({ tenant: "t", type: "Note", id: "a" });
  const expected = recorded.map(({ id, position, stream, version, type, correlationId, metadata }) => [
    id,
    position,
    stream,
    version,
    type,
    correlationId,
    metadata,
  ]);
  expectEqual("the events given", given, expected);
}

async function takesBack({ store }: StoreUnderTest): Promise<void> {
  await append(store, "a", 0, async (_, rows) => rows.put(table, "t", "a", row("a", 1)));
  const command = { id: "c1", requestHash: "h", response: new Uint8Array() };
  const failure = new Error("on purpose");
  const change: ApplyInline = async (_, rows) => {
    const found = (await rows.get(table, "t", "a")) as { amount: bigint };
    found.amount = 9n;
    await rows.put(table, "t", "a", found);
    await rows.put(table, "t", "b", row("b", 1));
    await rows.delete(table, "t", "a");
    throw failure;
  };
  const thrown = await append(store, "a", 2, change, { command }).then(
    () => undefined,
    (error: unknown) => error,
  );
  expectTrue(thrown === failure, "expected the error of the inline change", String(thrown));
  expectEqual("the stream", (await store.events.readStream({ tenant: "t", type: "Note", id: "a" })).length, 2);
  expectEqual("the command", await store.events.findCommand("t", "c1"), undefined);
  expectEqual("the rows", [await amountOf(store, "a"), await amountOf(store, "b")], [1, undefined]);
  const again = await append(store, "a", 2, async () => {}, { command });
  expectEqual("the append after it", again.kind, "appended");
  const texts = (await readAll(store.events)).map(textOf);
  expectEqual("all events", texts, ["a 1", "a 2", "a 1", "a 2"]);
}

async function appliesNothing({ store }: StoreUnderTest, begin: Begin): Promise<void> {
  // Stores may run it before they know the outcome, so only its rows count.
  const increment = begin(async (_, rows) => {
    const found = (await rows.get(table, "t", "sum")) as TestRow | undefined;
    await rows.put(table, "t", "sum", row("sum", Number(found?.amount ?? 0) + 1));
  });
  const command = { id: "c1", requestHash: "h", response: new Uint8Array() };
  await append(store, "a", 0, increment, { command });
  expectEqual("the row after an append", await amountOf(store, "sum"), 1);
  expectEqual("a conflict", (await append(store, "a", 0, increment)).kind, "conflict");
  expectEqual("a repeated command", (await append(store, "a", 2, increment, { command })).kind, "duplicate");
  expectEqual(
    "another request",
    (await append(store, "a", 2, increment, { command: { ...command, requestHash: "x" } })).kind,
    "command_mismatch",
  );
  expectEqual("the row after that", await amountOf(store, "sum"), 1);
  expectEqual("a conflict without events", (await append(store, "a", 1, increment, { events: [] })).kind, "conflict");
  expectEqual("the row after that", await amountOf(store, "sum"), 1);
  const other = { ...command, id: "c2" };
  const result = await append(store, "a", 2, increment, { events: [], command: other });
  expectEqual("an append without events", [result.kind, "version" in result && result.version], ["appended", 2]);
  expectEqual("the row after that", await amountOf(store, "sum"), 2);
  expectEqual("its command", (await store.events.findCommand("t", "c2"))?.version, 2);
}

async function losesNoChange({ store, peer }: StoreUnderTest, begin: Begin): Promise<void> {
  const stores = [store, await peer()];
  const increment = begin(async (_, rows) => {
    const found = (await rows.get(table, "t", "sum")) as TestRow | undefined;
    await new Promise((resolve) => setTimeout(resolve, 1));
    await rows.put(table, "t", "sum", row("sum", Number(found?.amount ?? 0) + 1));
  });
  const appends = Array.from({ length: 24 }, (_, i) => append(stores[i % 2] as Store, `s${i}`, 0, increment));
  expectEqual("the answers", [...new Set((await Promise.all(appends)).map(({ kind }) => kind))], ["appended"]);
  expectEqual("the sum", await amountOf(store, "sum"), 24);
  expectEqual("all events", (await readAll(store.events)).length, 48);
}

async function endsRaces({ store, peer }: StoreUnderTest, begin: Begin): Promise<void> {
  const stores = [store, await peer()];
  const keys = ["a", "b", "c", "d"];
  const other = tableOf(2);
  const total = 48;
  // In a different order each time, over two tables, and the last row written without a read.
  const change = (i: number): ApplyInline => {
    const order = keys.map((_, n) => keys[(n * (i % 2 === 0 ? 1 : 3) + i) % 4] as string);
    return begin(async (_, rows) => {
      for (const [n, key] of order.slice(0, 3).entries()) {
        const of = (n + i) % 3 === 0 ? other : table;
        const found = (await rows.get(of, "t", key)) as TestRow | undefined;
        await new Promise((resolve) => setTimeout(resolve, 1));
        await rows.put(of, "t", key, row(key, Number(found?.amount ?? 0) + 1));
      }
      await rows.put(table, "t", `last ${order[3]}`, row("x", i));
    });
  };
  const appends = Array.from({ length: total }, (_, i) => append(stores[i % 2] as Store, `s${i}`, 0, change(i)));
  expectEqual("the answers", [...new Set((await Promise.all(appends)).map(({ kind }) => kind))], ["appended"]);
  const amounts = await Promise.all(
    [table, other].flatMap((of) =>
      keys.map(async (key) => (await store.rows.get(of, "t", key)) as TestRow | undefined),
    ),
  );
  expectEqual(
    "the sum of all rows",
    amounts.reduce((sum, found) => sum + Number(found?.amount ?? 0), 0),
    total * 3,
  );
}

/** Reads while there are events: a store may need a moment at positions that were never used. */
async function readAll(events: EventStore) {
  const found = [];
  let position = 0;
  for (let idle = 0; idle < 3; ) {
    const slice = await events.readAll(position, 100);
    idle = slice.position === position ? idle + 1 : 0;
    found.push(...slice.events);
    position = slice.position;
  }
  return found;
}
