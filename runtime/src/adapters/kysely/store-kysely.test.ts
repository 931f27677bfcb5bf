import { type ColumnType, type Generated, type Kysely, sql } from "kysely";
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { memory } from "../../store/memory/index.js";
import { jsonb } from "./json.js";
import { getKysely } from "./store-kysely.js";
import { media, type TestDatabase } from "./stores.fixture.js";

interface Tables {
  things: {
    id: string;
    count: bigint | null;
    small: number | null;
    ratio: number | null;
    exact: ColumnType<string | null, string | bigint | null, string | bigint | null>;
    open: boolean | null;
    at: Date | null;
    day: string | null;
    bytes: Uint8Array | null;
    tags: string[] | null;
    counts: bigint[] | null;
    times: (Date | null)[] | null;
    blobs: Uint8Array[] | null;
    grid: number[][] | null;
    doc: ColumnType<unknown, unknown, unknown>;
    made: Generated<Date>;
  };
}

const hostile = [
  `'; DROP TABLE things; --`,
  `" OR 1=1`,
  "\\'; SELECT pg_sleep(9); --",
  "$1 $$ $tag$ %s {0} :id ?",
  "E'\\x00' \u0001 \u2028 \ud83d\ude00",
  `{"a","b"}`,
  "NULL",
  "",
  `a"b\\c,d{e}f`,
];

describe("getKysely a store without SQL", () => {
  it("says what to use instead", () => {
    expect(() => getKysely(memory())).toThrow(
      'tables need a store in SQL, and the store is "memory": use pglite() of @potter/runtime/pglite, which keeps it in memory for tests, or postgres()',
    );
  });
});

describe.each(media)("getKysely a store on %s", (_, openDatabase) => {
  let database: TestDatabase;
  let db: Kysely<Tables>;

  beforeAll(async () => {
    database = await openDatabase();
    db = getKysely<Tables>(await database.open()).withSchema(database.schema);
    await db.schema
      .createTable("things")
      .addColumn("id", "text", (c) => c.primaryKey())
      .addColumn("count", "int8")
      .addColumn("small", "int2")
      .addColumn("ratio", "float8")
      .addColumn("exact", "numeric")
      .addColumn("open", "boolean")
      .addColumn("at", "timestamptz")
      .addColumn("day", "date")
      .addColumn("bytes", "bytea")
      .addColumn("tags", sql`text[]`)
      .addColumn("counts", sql`int8[]`)
      .addColumn("times", sql`timestamptz[]`)
      .addColumn("blobs", sql`bytea[]`)
      .addColumn("grid", sql`int4[]`)
      .addColumn("doc", "jsonb")
      .addColumn("made", "timestamptz", (c) => c.notNull().defaultTo(sql`now()`))
      .execute();
  });
  beforeEach(async () => {
    await db.deleteFrom("things").execute();
  });
  afterAll(() => database.close());

  const find = (id: string) => db.selectFrom("things").selectAll().where("id", "=", id).executeTakeFirstOrThrow();

  it("returns values as they were written", async () => {
    const values = {
      id: "a",
      count: 9_223_372_036_854_775_807n,
      small: -5,
      ratio: 0.1 + 0.2,
      exact: "12345678901234567890.12345678901234567890",
      open: false,
      at: new Date("2026-02-28T23:59:59.987Z"),
      day: "2024-02-29",
      bytes: new Uint8Array([0, 1, 127, 128, 255]),
      tags: hostile,
      counts: [1n, -9_223_372_036_854_775_808n],
      times: [new Date(0), null],
      blobs: [new Uint8Array([0, 255]), new Uint8Array()],
      grid: [
        [1, 2],
        [3, 4],
      ],
      doc: { a: [1, "two", null, { deep: true }], n: 1.5 },
    };
    await db.insertInto("things").values(values).execute();
    const { made, ...row } = await find("a");
    expect(row).toEqual(values);
    expect(made).toBeInstanceOf(Date);
    // As types, not as text that looks alike.
    const { n } = await db
      .selectFrom("things")
      .select((e) => e.fn.countAll<bigint>().as("n"))
      .where("count", "=", values.count)
      .where("at", "=", values.at)
      .where("bytes", "=", values.bytes)
      .where("open", "=", false)
      .where("exact", ">", 12345678901234567890n as never)
      .executeTakeFirstOrThrow();
    expect(n).toBe(1n);
  });

  it("keeps null in every column", async () => {
    await db.insertInto("things").values({ id: "a", doc: null }).execute();
    const { made: _, ...row } = await find("a");
    expect(new Set(Object.values(row))).toEqual(new Set(["a", null]));
  });

  it("writes JSON lists and strings with jsonb(), and values without a JSON form as ProtoJSON does", async () => {
    for (const [doc, read] of [
      [
        [1, { a: "b" }],
        [1, { a: "b" }],
      ],
      ["text", "text"],
      [
        { big: 2n ** 60n, bytes: new Uint8Array([1, 2]), at: new Date(0) },
        { big: "1152921504606846976", bytes: "AQI=", at: "1970-01-01T00:00:00.000Z" },
      ],
    ]) {
      await db
        .insertInto("things")
        .values({ id: "a", doc: jsonb(doc) })
        .onConflict((c) => c.column("id").doUpdateSet({ doc: jsonb(doc) }))
        .execute();
      expect((await find("a")).doc).toEqual(read);
    }
  });

  it("keeps times of every year, and those that a Date cannot hold as text", async () => {
    const times = [
      "0001-01-01T00:00:00.000Z",
      "-000043-03-15T12:00:00.000Z",
      "0000-06-01T00:00:00.000Z",
      "+012026-01-01T00:00:00.001Z",
    ];
    for (const time of times) {
      const at = new Date(time);
      await db.insertInto("things").values({ id: time, at }).execute();
      const { n } = await db
        .selectFrom("things")
        .select(sql<bigint>`extract(year from at at time zone 'UTC')::int8`.as("n"))
        .where("at", "=", at)
        .executeTakeFirstOrThrow();
      expect(Number(n)).toBe(at.getUTCFullYear() > 0 ? at.getUTCFullYear() : at.getUTCFullYear() - 1);
    }
    const { at } = await db
      .selectFrom("things")
      .select(sql<unknown>`'infinity'::timestamptz`.as("at"))
      .limit(1)
      .executeTakeFirstOrThrow();
    expect(at).toBe("infinity");
  });

  it("returns the number of affected rows", async () => {
    const inserted = await db
      .insertInto("things")
      .values([{ id: "a" }, { id: "b" }, { id: "c" }])
      .executeTakeFirst();
    expect(inserted.numInsertedOrUpdatedRows).toBe(3n);
    const updated = await db.updateTable("things").set({ open: true }).where("id", ">", "a").executeTakeFirst();
    expect(updated.numUpdatedRows).toBe(2n);
    const missed = await db.updateTable("things").set({ open: true }).where("id", "=", "z").executeTakeFirst();
    expect(missed.numUpdatedRows).toBe(0n);
    expect((await db.deleteFrom("things").executeTakeFirst()).numDeletedRows).toBe(3n);
  });

  it("takes hostile values as values", async () => {
    for (const id of hostile) {
      await db
        .insertInto("things")
        .values({ id, tags: [id], doc: jsonb({ [id]: id }) })
        .execute();
      expect(await find(id)).toMatchObject({ id, tags: [id], doc: { [id]: id } });
      expect(await db.selectFrom("things").select("id").where("id", "in", [id]).execute()).toEqual([{ id }]);
    }
    const { n } = await db
      .selectFrom("things")
      .select((e) => e.fn.countAll<bigint>().as("n"))
      .executeTakeFirstOrThrow();
    expect(n).toBe(BigInt(hostile.length));
  });

  it("takes hostile identifiers as identifiers", async () => {
    for (const name of ['x"; DROP TABLE things; --', `a"b`, "select", "Ä ö", "$1"]) {
      const other = db as Kysely<unknown> as Kysely<Record<string, Record<string, string>>>;
      await other.schema.createTable(name).addColumn(name, "text").execute();
      await other
        .insertInto(name)
        .values({ [name]: "v" })
        .execute();
      expect(await other.selectFrom(name).selectAll().where(name, "=", "v").execute()).toEqual([{ [name]: "v" }]);
      await expect(other.selectFrom(name).select(`${name}"" --`).execute()).rejects.toMatchObject({ code: "internal" });
      await other.schema.dropTable(name).execute();
    }
    expect(await db.selectFrom("things").selectAll().execute()).toEqual([]);
  });

  it("writes text that PostgreSQL cannot hold with U+FFFD", async () => {
    await db
      .insertInto("things")
      .values({ id: "a\0b\ud800", tags: ["\0"], doc: { t: "\0\udfff" } })
      .execute();
    expect(await find("a\0b\ud800")).toMatchObject({
      id: "a\ufffdb\ufffd",
      tags: ["\ufffd"],
      doc: { t: "\ufffd\ufffd" },
    });
  });

  it("refuses invalid values", async () => {
    for (const [value, found] of [
      [undefined, "undefined"],
      [Symbol("s"), "symbol"],
      [new Date(Number.NaN), "an invalid Date"],
    ]) {
      const query = db
        .selectFrom("things")
        .selectAll()
        .where("id", "=", sql.val(value as never));
      await expect(query.execute()).rejects.toMatchObject({
        code: "invalid_argument",
        message: expect.stringContaining(`found ${String(found)}`),
      });
    }
  });

  it("refuses with errors of one type that reveal nothing of the statement", async () => {
    await db.insertInto("things").values({ id: "secret" }).execute();
    const error = await db
      .insertInto("things")
      .values({ id: "secret" })
      .execute()
      .catch((reason: unknown) => reason);
    expect(error).toMatchObject({ code: "internal", cause: { code: "23505" } });
    expect((error as Error).message).not.toMatch(/secret|things|insert/);
  });

  it("commits and rolls back", async () => {
    const refusal = new Error("no");
    const failed = db.transaction().execute(async (trx) => {
      await trx.insertInto("things").values({ id: "a" }).execute();
      throw refusal;
    });
    await expect(failed).rejects.toBe(refusal);
    expect(await db.selectFrom("things").selectAll().execute()).toEqual([]);
    await db
      .transaction()
      .setIsolationLevel("serializable")
      .execute(async (trx) => {
        await trx.insertInto("things").values({ id: "a" }).execute();
        const { rows } = await sql<{ level: string }>`select current_setting('transaction_isolation') as level`.execute(
          trx,
        );
        expect(rows).toEqual([{ level: "serializable" }]);
      });
    expect(await db.selectFrom("things").select("id").execute()).toEqual([{ id: "a" }]);
    const written = db
      .transaction()
      .setAccessMode("read only")
      .execute((trx) => trx.deleteFrom("things").execute());
    await expect(written).rejects.toMatchObject({ cause: { code: "25006" } });
  });

  it("does not stream", async () => {
    const rows = db.selectFrom("things").selectAll().stream();
    await expect(rows.next()).rejects.toMatchObject({ code: "unimplemented" });
  });
});
