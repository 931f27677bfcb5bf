import { expect, it } from "vitest";
import { rowCodec, type TestRow, tableOf } from "../../conformance/cases/index.js";
import type { AppendingTransaction } from "../../store/ports/index.js";
import type { Schema, SqlDriver, SqlRow, SqlStatement } from "../driver/index.js";
import { RecentRows } from "./recent-rows.js";
import { SqlRowTransactions } from "./sql-row-transactions.js";

const table = tableOf();

/** Transactions whose statements are answered by the test, in any order. `stored`: what reads find. */
function withoutDatabase() {
  const stored = new Map<string, Uint8Array>();
  const sent: { readonly name: string | undefined; answer(rows: readonly SqlRow[]): void }[] = [];
  const driver = {
    query: ({ name }: SqlStatement) => new Promise((resolve) => sent.push({ name, answer: resolve })),
  } as unknown as SqlDriver;
  const transactions = new SqlRowTransactions(driver, { sql: "potter" } as Schema, {
    appends: undefined,
    recent: new RecentRows(0),
    readShared: async (rows) => rows.map(({ key }) => stored.get(key)),
  });
  const runs: string[] = [];
  const increment = (key: string, ...alsoRead: readonly string[]) =>
    transactions.run(async (rows: AppendingTransaction) => {
      runs.push(key);
      for (const one of alsoRead) await rows.get(table, "", one);
      const row = (await rows.get(table, "", key)) as TestRow | undefined;
      await rows.put(table, "", key, rowCodec.create({ id: key, amount: (row?.amount ?? 0n) + 1n }));
    });
  const store = (key: string, amount: bigint) => stored.set(key, rowCodec.encode(rowCodec.create({ id: key, amount })));
  const nth = async (n: number) => {
    await expect.poll(() => sent.length).toBeGreaterThan(n);
    return sent[n] as (typeof sent)[number];
  };
  return { increment, store, runs, nth };
}

const written = [{ done: true }];

it("does not repeat a transaction whose row another one has changed before its response arrived", async () => {
  const { increment, store, runs, nth } = withoutDatabase();
  store("a", 1n);
  const first = increment("a");
  const statement = await nth(0);
  // The database has committed the first one, and another reads what it has written.
  store("a", 2n);
  const second = increment("a");
  (await nth(1)).answer(written);
  await second;
  statement.answer(written);
  await first;
  expect(runs).toEqual(["a", "a"]);
});

it("gives each transaction of a statement its own result, also if one of them becomes stale meanwhile", async () => {
  const { increment, store, runs, nth } = withoutDatabase();
  const keep = [increment("x"), increment("y")];
  const [one, two] = [await nth(0), await nth(1)];
  // Both calls are taken, so these share the next one.
  const shared = [increment("a", "read"), increment("b", "of b"), increment("c", "of c")];
  await expect.poll(() => runs.length).toBe(5);
  one.answer(written);
  const together = await nth(2);
  expect(together.name).toBe("potter_transact_rows");
  two.answer(written);
  await Promise.all(keep);
  // Another transaction changes what the first of them has read.
  const other = increment("read");
  (await nth(3)).answer(written);
  await other;
  // The last one has lost: its row was changed by another process.
  store("c", 7n);
  together.answer([{ lost: [3] }]);
  const again = await nth(4);
  expect(runs.slice(6)).toEqual(["c"]);
  again.answer([{ lost: [] }]);
  await Promise.all(shared);
  expect(runs).toEqual(["x", "y", "a", "b", "c", "read", "c"]);
});
