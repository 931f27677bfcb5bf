// How many statements transactions over rows take, and what they do while others hold a row. The counts do not depend on the speed
// of the machine.
import { randomUUID } from "node:crypto";
import { afterEach, describe, expect, it, vi } from "vitest";
import { createAccount, deposit, open } from "../../aggregate/account.fixture.js";
import { type AnyDeciderPart, withJoinedRows } from "../../aggregate/index.js";
import { createApp } from "../../app/index.js";
import { rowCodec, type TestRow, tableOf } from "../../conformance/cases/index.js";
import type { RowTable, RowTransaction, Store } from "../../store/ports/index.js";
import { url } from "./postgres.fixture.js";
import { openCounted } from "./statements.fixture.js";

/** Of this run: locks of rows do not depend on the schema, and other tests run at the same time. */
const tenant = randomUUID();
const timed: RowTable = { ...tableOf(), due: "amount" };
const plain = tableOf(2);

async function increment(rows: RowTransaction, key: string, table = timed): Promise<bigint> {
  const found = (await rows.get(table, tenant, key)) as TestRow | undefined;
  const amount = (found?.amount ?? 0n) + 1n;
  await rows.put(table, tenant, key, rowCodec.create({ id: key, amount }));
  return amount;
}

const amountOf = async (store: Store, key: string) => ((await store.rows.get(timed, tenant, key)) as TestRow)?.amount;

describe.skipIf(url === undefined)("transactions over rows in PostgreSQL", () => {
  afterEach(() => vi.useRealTimers());

  it("take one statement to change a row that the same process has changed last", async () => {
    const { store, statements } = await openCounted();
    const step = (key: string) => store.rows.transact((rows) => increment(rows, key));
    await step("a");
    expect(statements).toEqual(["potter_get_row", "potter_row_create"]);
    await step("a");
    expect(await step("a")).toBe(3n);
    expect(statements.slice(2)).toEqual(["potter_row_update", "potter_row_update"]);
  });

  it("take one statement to create a row that is expected to be missing, and find one that is there", async () => {
    const { store, statements, peer } = await openCounted();
    const other = await peer();
    await other.rows.transact((rows) => increment(rows, "b"));
    const start = (key: string) =>
      store.rows.transact(async (rows) => {
        rows.expectMissing?.(timed, tenant, key);
        return increment(rows, key);
      });
    expect(await start("a")).toBe(1n);
    expect(statements).toEqual(["potter_row_create"]);
    expect(await start("b")).toBe(2n);
    expect(statements.slice(1)).toEqual(["potter_row_create", "potter_get_row", "potter_row_update"]);
  });

  it("read a row again that another process has changed, and rows of tables that are read by many", async () => {
    const { store, statements, peer } = await openCounted();
    const other = await peer();
    await store.rows.transact((rows) => increment(rows, "a"));
    await other.rows.transact((rows) => increment(rows, "a"));
    statements.length = 0;
    expect(await store.rows.transact((rows) => increment(rows, "a"))).toBe(3n);
    expect(statements).toEqual(["potter_row_update", "potter_get_row", "potter_row_update"]);
    await store.rows.transact((rows) => increment(rows, "a", plain));
    statements.length = 0;
    await store.rows.transact((rows) => increment(rows, "a", plain));
    expect(statements).toEqual(["potter_get_row", "potter_row_update"]);
  });

  it("share statements with concurrent ones", async () => {
    const { store, statements } = await openCounted();
    const keys = Array.from({ length: 40 }, (_, i) => `${i}`);
    const all = () => Promise.all(keys.map((key) => store.rows.transact((rows) => increment(rows, key))));
    await all();
    statements.length = 0;
    expect(await all()).toEqual(keys.map(() => 2n));
    expect(statements.length).toBeLessThan(6);
    expect(statements).toContain("potter_transact_rows");
  });

  it("wait for no transaction that holds a row", async () => {
    const { store, admin, schema } = await openCounted();
    await store.rows.transact((rows) => increment(rows, "a"));
    const lock = `${schema}.row_lock('${timed.name}', 1, 1, '${tenant}', 'a')`;
    await admin.query(`BEGIN; SELECT pg_advisory_xact_lock(${lock})`);
    try {
      const refused = store.rows.transact((rows) => increment(rows, "a"));
      await expect(refused).rejects.toMatchObject({ code: "aborted" });
      await store.rows.transact((rows) => increment(rows, "b"));
    } finally {
      await admin.query("COMMIT");
    }
    expect([await amountOf(store, "a"), await amountOf(store, "b")]).toEqual([1n, 1n]);
    expect(await store.rows.transact((rows) => increment(rows, "a"))).toBe(2n);
  });

  it("find due rows by the clock of the database, with an index", async () => {
    const { store, admin, schema } = await openCounted();
    const { rows } = await admin.query("SELECT floor(extract(epoch FROM clock_timestamp()) * 1000)::float8 AS now");
    const now = Number(rows[0].now);
    const put = (id: string, due: number) =>
      store.rows.transact((tx) => tx.put(timed, tenant, id, rowCodec.create({ id, amount: BigInt(due) })));
    await put("past", now - 60_000);
    await put("future", now + 3_600_000);
    vi.useFakeTimers({ toFake: ["Date"], now: now + 86_400_000 });
    const due = await store.rows.due([timed], 10);
    vi.useRealTimers();
    expect(due.rows.map(({ key }) => key)).toEqual(["past"]);
    expect(due.next).toBe(now + 3_600_000);
    expect(Math.abs(due.now - now)).toBeLessThan(600_000);
    await admin.query(`SET enable_seqscan = off; SET enable_bitmapscan = off`);
    const plan =
      await admin.query(`EXPLAIN SELECT key FROM ${schema}.rows WHERE view = 'v' AND version = 1 AND generation = 1
      AND (fields ->> '@due')::bigint > 0 AND (fields ->> '@due')::bigint <= 1000 ORDER BY (fields ->> '@due')::bigint LIMIT 1`);
    const lines = plan.rows.map((row) => row["QUERY PLAN"] as string).join("\n");
    expect(lines).toContain("rows_due");
    expect(lines).not.toContain("Sort");
  });

  it("join the append of a command by one statement", async () => {
    const { store, statements } = await openCounted();
    const app = createApp({ parts: [createAccount() as AnyDeciderPart], store });
    await app.start();
    try {
      const join = (key: string) =>
        withJoinedRows({ commandId: key }, { apply: async (_, rows) => void (await increment(rows, "a")) });
      await store.rows.transact((rows) => increment(rows, "a"));
      statements.length = 0;
      expect(await app.dispatch(open, open.request.create({ value: "x" }), join("c1"))).toMatchObject({
        joined: true,
        version: 1,
      });
      expect(statements).toEqual(["potter_append_one_with_row"]);
      statements.length = 0;
      expect(await app.dispatch(deposit, deposit.request.create({ value: "x:5" }), join("c2"))).toMatchObject({
        joined: true,
        version: 2,
      });
      expect(statements.filter((name) => !name.includes("load"))).toEqual(["potter_append_one_with_row"]);
      expect(statements).toHaveLength(2);
      expect(await amountOf(store, "a")).toBe(3n);
      const replayed = await app.dispatch(deposit, deposit.request.create({ value: "x:5" }), join("c2"));
      expect([replayed.version, replayed.joined]).toEqual([2, undefined]);
      expect(await amountOf(store, "a")).toBe(3n);
    } finally {
      await app.stop();
    }
  });
});
