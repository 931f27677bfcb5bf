import type { RowTable, RowTransaction, Store } from "../store/ports/index.js";
import { expectEqual, expectTrue } from "../testing/expectations/index.js";
import {
  type ConformanceCase,
  defineCase,
  type OpenStore,
  rowCodec,
  type StoreUnderTest,
  type TestRow,
  tableOf,
} from "./cases/index.js";

const table = tableOf();
const other = tableOf(2);
/** A table whose rows can be due. */
const timed: RowTable = { ...tableOf(3), due: "amount" };

/** Transactions over rows without an append. */
export function transactCases(open: OpenStore): readonly ConformanceCase[] {
  return [
    defineCase(open, "commits changes of rows of several tables, all or nothing", commitsAll),
    defineCase(open, "writes nothing if a transaction over rows fails", writesNothing),
    ...[table, timed].flatMap((of) => {
      const kind = of === timed ? " that can be due" : "";
      return [
        defineCase(open, `loses no update when many transactions change one row${kind}`, (under) =>
          losesNoUpdate(under, of),
        ),
        defineCase(open, `lets one of many transactions create a row${kind}`, (under) => createsOnce(under, of)),
        defineCase(open, `knows that others have changed or deleted a row${kind}`, (under) => seesOthers(under, of)),
      ];
    }),
    defineCase(open, "ends races of transactions over several rows in different orders", endsRaces),
    defineCase(open, "commits nothing if a row has changed that was only read", checksReads),
    defineCase(open, "lets transactions over rows use the store meanwhile", usesStore),
  ];
}

async function get(rows: Pick<RowTransaction, "get">, of: RowTable, key: string, tenant = "t") {
  return (await rows.get(of, tenant, key)) as TestRow | undefined;
}

function row(id: string, amount: number, title = ""): unknown {
  return rowCodec.create({ id, amount: BigInt(amount), title });
}

async function amountOf(rows: Pick<RowTransaction, "get">, of: RowTable, key: string): Promise<number> {
  return Number((await get(rows, of, key))?.amount ?? 0);
}

async function increment(store: Store, of: RowTable, key: string): Promise<number> {
  return store.rows.transact(async (rows) => {
    const amount = (await amountOf(rows, of, key)) + 1;
    await rows.put(of, "t", key, row(key, amount));
    return amount;
  });
}

async function commitsAll({ store, peer }: StoreUnderTest): Promise<void> {
  const { rows } = store;
  const result = await rows.transact(async (tx) => {
    expectEqual("a row before", await get(tx, table, "a"), undefined);
    await tx.put(table, "t", "a", row("a", 1));
    expectEqual("its own write", Number((await get(tx, table, "a"))?.amount), 1);
    await tx.put(other, "u\0", "k\0", row("b", 2));
    await tx.put(timed, "t", "c", row("c", 3));
    await tx.put(table, "t", "gone", row("gone", 1));
    await tx.delete(table, "t", "gone");
    return "done";
  });
  expectEqual("the result", result, "done");
  const peerRows = (await peer()).rows;
  const amounts = async () => [
    await amountOf(peerRows, table, "a"),
    Number((await get(peerRows, other, "k\0", "u\0"))?.amount),
    await amountOf(peerRows, timed, "c"),
    await get(peerRows, table, "gone"),
  ];
  expectEqual("the rows", await amounts(), [1, 2, 3, undefined]);
  await rows.transact(async (tx) => {
    await tx.delete(timed, "t", "c");
    await tx.delete(table, "t", "never there");
    await tx.put(table, "t", "a", row("a", (await amountOf(tx, other, "none")) + 4));
    await tx.put(other, "u\0", "k\0", row("b", 5));
  });
  expectEqual("the rows then", await amounts(), [4, 5, 0, undefined]);
  expectEqual("a result without changes", await rows.transact((tx) => amountOf(tx, table, "a")), 4);
  expectEqual("a result without rows", await rows.transact(async () => 7), 7);
}

async function writesNothing({ store }: StoreUnderTest): Promise<void> {
  const { rows } = store;
  await increment(store, timed, "a");
  const failure = new Error("on purpose");
  const thrown = await rows
    .transact(async (tx) => {
      await tx.put(timed, "t", "a", row("a", (await amountOf(tx, timed, "a")) + 1));
      await tx.put(table, "t", "b", row("b", 1));
      throw failure;
    })
    .catch((error: unknown) => error);
  expectTrue(thrown === failure, "expected the error of the transaction", String(thrown));
  const tooLarge = await rows
    .transact(async (tx) => {
      await tx.put(table, "t", "b", row("b", 1));
      await tx.put(table, "t", "k".repeat(1025), row("c", 1));
    })
    .catch((error: unknown) => error);
  expectEqual("a key that is too long", (tooLarge as { code?: string }).code, "invalid_argument");
  expectEqual("the rows", [await amountOf(rows, timed, "a"), await get(rows, table, "b")], [1, undefined]);
}

async function losesNoUpdate({ store, peer }: StoreUnderTest, of: RowTable): Promise<void> {
  const stores = [store, await peer()];
  const results = await Promise.all(
    Array.from({ length: 60 }, (_, i) => increment(stores[i % 2] as Store, of, `${i % 3}`)),
  );
  const each = Array.from({ length: 20 }, (_, i) => i + 1);
  for (const key of ["0", "1", "2"]) {
    expectEqual("the row", await amountOf(store.rows, of, key), 20);
    const found = results.filter((_, i) => `${i % 3}` === key).sort((a, b) => a - b);
    expectEqual("each result once", found, each);
  }
}

async function createsOnce({ store, peer }: StoreUnderTest, of: RowTable): Promise<void> {
  const stores = [store, await peer()];
  const created = await Promise.all(
    Array.from({ length: 24 }, (_, i) =>
      (stores[i % 2] as Store).rows.transact(async (tx) => {
        if ((await get(tx, of, "a")) !== undefined) return false;
        await tx.put(of, "t", "a", row("a", i));
        return true;
      }),
    ),
  );
  expectEqual("the transactions that have created it", created.filter(Boolean).length, 1);
  expectEqual("the row", await amountOf(store.rows, of, "a"), created.indexOf(true));
}

async function seesOthers({ store, peer }: StoreUnderTest, of: RowTable): Promise<void> {
  const others = await peer();
  await increment(store, of, "a");
  await increment(others, of, "a");
  expectEqual("without changes", await store.rows.transact((tx) => amountOf(tx, of, "a")), 2);
  await increment(others, of, "a");
  expectEqual("with a change", await increment(store, of, "a"), 4);
  await others.rows.transact((tx) => tx.delete(of, "t", "a"));
  expectEqual("after a deletion", await increment(store, of, "a"), 1);
  await others.rows.transact((tx) => tx.delete(of, "t", "a"));
  const failed = await store.rows
    .transact(async (tx) => {
      throw new Error(`found ${await amountOf(tx, of, "a")}`);
    })
    .catch((error: unknown) => (error as Error).message);
  expectEqual("the row that an error is about", failed, "found 0");
  await increment(others, of, "a");
  await store.rows.transact((tx) => tx.delete(of, "t", "a"));
  expectEqual("the row deleted without a read", await get(others.rows, of, "a"), undefined);
}

async function endsRaces({ store, peer }: StoreUnderTest): Promise<void> {
  const stores = [store, await peer()];
  const keys = ["a", "b", "c", "d"];
  const total = 48;
  await Promise.all(
    Array.from({ length: total }, (_, i) =>
      (stores[i % 2] as Store).rows.transact(async (tx) => {
        const order = keys.map((_, n) => keys[(n * (i % 2 === 0 ? 1 : 3) + i) % 4] as string);
        for (const [n, key] of order.slice(0, 3).entries()) {
          const of = (n + i) % 3 === 0 ? timed : table;
          await tx.put(of, "t", key, row(key, (await amountOf(tx, of, key)) + 1));
        }
      }),
    ),
  );
  const amounts = await Promise.all([table, timed].flatMap((of) => keys.map((key) => amountOf(store.rows, of, key))));
  expectEqual(
    "the sum of all rows",
    amounts.reduce((sum, amount) => sum + amount, 0),
    total * 3,
  );
}

/** Two transactions, each of which reads what the other changes: at most one may commit on the rows as they were. */
async function checksReads({ store, peer }: StoreUnderTest): Promise<void> {
  const stores = [store, await peer()];
  for (let round = 0; round < 10; round++) {
    const keys = [`x${round}`, `y${round}`] as const;
    const claim = (at: 0 | 1, from: Store) =>
      from.rows.transact(async (tx) => {
        const isFree = (await get(tx, timed, keys[at === 0 ? 1 : 0])) === undefined;
        if (isFree) await tx.put(at === 0 ? timed : timed, "t", keys[at], row(keys[at], 1));
        return isFree;
      });
    const claimed = await Promise.all([claim(0, stores[0] as Store), claim(1, stores[round % 2] as Store)]);
    expectEqual("the transactions that have found the other's row missing", claimed.filter(Boolean).length, 1);
  }
}

async function usesStore({ store }: StoreUnderTest): Promise<void> {
  const count = 30;
  const results = await Promise.all(
    Array.from({ length: count }, (_, i) =>
      store.rows.transact(async (tx) => {
        expectTrue(tx.isDetached === true, "expected rows without a connection", tx.isDetached);
        const before = await store.rows.transact(async (inner) => {
          await inner.put(table, "t", `inner${i}`, row("inner", i));
          return i;
        });
        await tx.put(table, "t", `outer${i}`, row("outer", before));
        return before;
      }),
    ),
  );
  expectEqual("the results", results.length, count);
  expectEqual("the rows", await store.rows.count(table, "t", []), 2 * count);
}
