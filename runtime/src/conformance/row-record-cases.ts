import type { CommandRecord, Store } from "../store/ports/index.js";
import { expectEqual, expectTrue } from "../testing/expectations/index.js";
import {
  at,
  type ConformanceCase,
  commandOf,
  defineCase,
  expectInvalid,
  type OpenStore,
  type StoreUnderTest,
  textOf,
} from "./cases/index.js";
import { amountIn, put, tryAppend } from "./row-append-steps.js";

/** Transactions over rows that record responses of commands. Stores whose transactions cannot have nothing to prove. */
export function rowRecordCases(open: OpenStore): readonly ConformanceCase[] {
  const on = (name: string, test: (under: StoreUnderTest) => Promise<void>) =>
    defineCase(open, name, async (under) => {
      if (await under.store.rows.transact(async (rows) => rows.record !== undefined)) await test(under);
    });
  return [
    on("records responses together with rows, and keeps what is recorded", recordsResponses),
    on("leaves a command that is reserved to its holder", keepsReservations),
    on("records responses together with an append", recordsWithAppends),
    on("records responses of many transactions at once", recordsMany),
    on("refuses a command that it cannot record", refusesCommands),
  ];
}

function respond(id: string, text: string): CommandRecord {
  return { ...commandOf(id), response: new TextEncoder().encode(text) };
}

/** Increments a row, and records commands. */
function record({ rows: store }: Store, key: string, ...commands: readonly CommandRecord[]): Promise<void> {
  return store.transact(async (rows) => {
    const amount = (await amountIn(rows, key)) ?? 0;
    await put(rows, key, amount + 1);
    for (const command of commands) await rows.record?.("t", command);
  });
}

/** The recorded response and version of each command. */
function responses({ events }: Store, ids: readonly string[]) {
  return Promise.all(
    ids.map(async (id) => {
      const found = await events.findCommand("t", id);
      return found && [new TextDecoder().decode(found.response), found.version];
    }),
  );
}

async function recordsResponses({ store, peer }: StoreUnderTest): Promise<void> {
  const other = await peer();
  // With a row that is created, and one that is updated.
  await record(store, "one", respond("c1", "first"));
  await record(store, "one", respond("c2", "second"));
  await record(store, "two", respond("c3", "third"), respond("c1", "another"));
  // With a row that is written without being read, and without a row.
  await store.rows.transact(async (rows) => {
    await put(rows, "three");
    await rows.record?.("t", respond("c4", "fourth"));
  });
  await store.rows.transact(async (rows) => rows.record?.("t", respond("c5", "fifth")));
  const expected = ["first", "second", "third", "fourth", "fifth"].map((text) => [text, 0]);
  expectEqual("the responses", await responses(other, ["c1", "c2", "c3", "c4", "c5"]), expected);
  const amounts = await Promise.all(["one", "two", "three"].map((key) => amountIn(other.rows, key)));
  expectEqual("the rows", amounts, [2, 1, 1]);
}

async function keepsReservations({ store }: StoreUnderTest): Promise<void> {
  const holder = "6d8a1a1c-3c8e-4d9e-9d56-0c1d2e3f4a5b";
  const { requestHash } = commandOf("held");
  await store.events.reserveCommand("t", { id: "held", requestHash, holder, lease: 600_000 });
  await record(store, "one", respond("held", "of another"));
  expectEqual("the row", await amountIn(store.rows, "one"), 1);
  const done = await store.events.recordCommand("t", respond("held", "of the holder"), holder);
  expectTrue(done, "expected that the holder could record its response", done);
  expectEqual("the response", await responses(store, ["held"]), [["of the holder", 0]]);
}

async function recordsWithAppends({ store }: StoreUnderTest): Promise<void> {
  const run = (version: number, text: string) =>
    store.rows.transact(async (rows) => {
      await rows.record?.("t", respond("c", text));
      return tryAppend(rows, at("a", version, [text]));
    });
  const first = await run(0, "first");
  // Stores may run a transaction again, without appends, whose command is recorded.
  const second = await run(1, "second");
  expectEqual("the response", await responses(store, ["c"]), [["first", 0]]);
  const { events } = await store.events.readAll(0, 10);
  expectEqual("the events", events.map(textOf), [...(first ? ["first"] : []), ...(second ? ["second"] : [])]);
}

async function recordsMany({ store, peer }: StoreUnderTest): Promise<void> {
  const other = await peer();
  const numbers = Array.from({ length: 60 }, (_, i) => i);
  await Promise.all(
    numbers.map((i) => record(i % 2 === 0 ? store : other, `row ${i % 20}`, respond(`c${i % 15}`, "same"))),
  );
  const ids = numbers.slice(0, 15).map((i) => `c${i}`);
  expectEqual(
    "the responses",
    await responses(store, ids),
    ids.map(() => ["same", 0]),
  );
  const amounts = await Promise.all(numbers.slice(0, 20).map((i) => amountIn(store.rows, `row ${i}`)));
  expectEqual(
    "the rows",
    amounts,
    amounts.map(() => 3),
  );
}

async function refusesCommands({ store }: StoreUnderTest): Promise<void> {
  await expectInvalid("a long id", () =>
    store.rows.transact(async (rows) => {
      await put(rows, "r");
      await rows.record?.("t", respond("x".repeat(10_000), "x"));
    }),
  );
  expectEqual("the row", await amountIn(store.rows, "r"), undefined);
}
