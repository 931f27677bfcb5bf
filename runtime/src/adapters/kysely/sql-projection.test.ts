import { StringValueSchema } from "@bufbuild/protobuf/wkt";
import { sql } from "kysely";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { Account, createAccount, Deposited, deposit, Opened, open } from "../../aggregate/account.fixture.js";
import { type App, createApp } from "../../app/index.js";
import { es } from "../../message/index.js";
import { memory } from "../../store/memory/index.js";
import type { Store } from "../../store/ports/index.js";
import { toSchemaName } from "./build-schema.js";
import { sqlProjection } from "./sql-projection.js";
import { getKysely } from "./store-kysely.js";
import { media, type TestDatabase } from "./stores.fixture.js";
import type { TableSchema } from "./table-steps.js";
import { createAsking, createTables, Total, type TotalTables, totals } from "./totals.fixture.js";

describe("a projection into tables, in memory", () => {
  it("says what to use instead", async () => {
    const app = createApp({ store: memory(), parts: [createAccount(), totals()] });
    await expect(app.start()).rejects.toThrow(
      'tables need a store in SQL, and the store is "memory": use pglite() of @potter/runtime/pglite, which keeps it in memory for tests, or postgres()',
    );
  });
});

describe("the schema of a build", () => {
  it("is named by store, projection, version and build", () => {
    expect(toSchemaName("potter", "orders", { version: 2, generation: 1 })).toBe("potter_orders_v2");
    expect(toSchemaName("potter", "orders", { version: 2, generation: 3 })).toBe("potter_orders_v2_g3");
  });

  it("never has a name that PostgreSQL would cut off, and never the name of another", () => {
    const names = [1, 2].flatMap((version) =>
      ["a", "b"].map((end) => toSchemaName("s".repeat(40), `${"x".repeat(40)}${end}`, { version, generation: 1 })),
    );
    expect(new Set(names).size).toBe(4);
    for (const name of names) expect(name).toMatch(/^s{40}_x{9}_[0-9a-f]{12}$/);
  });

  it.each(["", "Orders", "o rders", 'o"; DROP SCHEMA potter', "1st", "ö"])(
    "refuses %j as the name of a projection",
    (name) => {
      expect(() => totals({ name })).toThrow(`${JSON.stringify(name)} cannot be the name of a projection in SQL`);
    },
  );
});

describe.each(media)("a projection into tables on %s", (medium, openDatabase) => {
  let database: TestDatabase;
  let store: Store;
  const asking = createAsking();
  const apps: App[] = [];

  beforeEach(async () => {
    database = await openDatabase();
    store = await database.open();
  });
  afterEach(async () => {
    await Promise.all(apps.splice(0).map((app) => app.stop()));
    await database.close();
  });

  /** Apps that share the store, as successive processes would. */
  function start(...parts: Parameters<typeof createApp>[0]["parts"]): App {
    const shared: Store = {
      ...store,
      events: store.events,
      rows: store.rows,
      start: async () => {},
      stop: async () => {},
    };
    const app = createApp({
      store: shared,
      parts: [createAccount(), asking.part, ...parts],
      unimplemented: parts.some((part) => "readModel" in part && part.readModel === Total.definition) ? [] : [Total],
    });
    apps.push(app);
    return app;
  }

  async function fill(app: App, id: string, ...amounts: number[]): Promise<void> {
    await app.send(open, { value: id });
    for (const amount of amounts) await app.send(deposit, { value: `${id}:${amount}` });
  }

  const sums = (app: App, part: ReturnType<typeof totals>) =>
    asking.in(app, (ctx) => part.view(ctx).selectFrom("totals").select(["id", "sum"]).orderBy("id").execute());

  const schemas = async () => {
    const { rows } = await sql<{
      name: string;
    }>`select nspname as name from pg_namespace where nspname like ${`${database.schema}\\_%`} order by nspname`.execute(
      getKysely(store),
    );
    return rows.map(({ name }) => name);
  };

  for (const mode of ["async", "inline"] as const) {
    it(`keeps its tables, ${mode}`, async () => {
      const part = totals({ mode });
      const app = start(part);
      await fill(app, "a", 5, 7);
      await fill(app, "b");
      if (mode === "async") await app.waitForProjections();
      expect(await sums(app, part)).toEqual([
        { id: "a", sum: 12n },
        { id: "b", sum: 0n },
      ]);
      const joined = await asking.in(app, (ctx) =>
        part
          .view(ctx)
          .selectFrom("totals")
          .innerJoin("deposits as d", "d.total_id", "totals.id")
          .select(["totals.id", "d.amount", "d.at"])
          .orderBy("d.amount")
          .execute(),
      );
      expect(joined).toEqual([
        { id: "a", amount: 5, at: expect.any(Date) },
        { id: "a", amount: 7, at: expect.any(Date) },
      ]);
      expect(await schemas()).toEqual([`${database.schema}_totals_v1`]);
    });
  }

  it("accepts events that no read model names", async () => {
    const part = sqlProjection(
      { events: { openedNow: Opened, deposited: Deposited } },
      {
        name: "counts",
        tables: (schema: TableSchema<{ counts: { id: string; n: number } }>) => [
          schema
            .createTable("counts")
            .addColumn("id", "text", (c) => c.primaryKey())
            .addColumn("n", "integer", (c) => c.notNull()),
        ],
        on: {
          openedNow: (_event, db, { stream }) => db.insertInto("counts").values({ id: stream.id, n: 1 }),
          deposited: (_event, db, { stream }) =>
            sql`update ${sql.table("counts")} set n = n + 1 where id = ${stream.id}`.execute(db),
        },
      },
    );
    const app = start(part);
    await fill(app, "a", 1, 2);
    await app.waitForProjections();
    expect(await asking.in(app, (ctx) => part.view(ctx).selectFrom("counts").selectAll().execute())).toEqual([
      { id: "a", n: 3 },
    ]);
  });

  it("applies each event once, though a worker dies between the changes and the commit", async () => {
    const before = start(totals());
    await fill(before, "a", 1, 2, 3);
    await before.stop();
    // Dies after the third event of a batch, with all its statements done, and again at the first of the next try.
    let deaths = 0;
    const part = totals({
      version: 2,
      after: () => {
        if (++deaths === 3 || deaths === 4) throw new Error("killed");
      },
    });
    const app = start(part);
    await app.waitForProjections();
    expect(deaths).toBeGreaterThan(4);
    expect(await sums(app, part)).toEqual([{ id: "a", sum: 6n }]);
    const deposits = await asking.in(app, (ctx) =>
      part.view(ctx).selectFrom("deposits").select("amount").orderBy("amount").execute(),
    );
    expect(deposits.map(({ amount }) => amount)).toEqual([1, 2, 3]);
  });

  it("dead-letters the events whose changes are refused at the commit, at any index of a batch, and keeps all others", async () => {
    const before = start(totals());
    await fill(before, "a", ...Array.from({ length: 20 }, (_, i) => i + 1));
    await fill(before, "b", 3, 13);
    await fill(before, "c", 1);
    await before.stop();
    let runs = 0;
    const part = sqlProjection(
      { events: { deposited: Deposited } },
      {
        name: "checked",
        tables: (schema: TableSchema<{ amounts: { amount: number } }>) => [
          schema
            .createTable("amounts")
            .addColumn("amount", "integer")
            .addUniqueConstraint("amounts_once", ["amount"], (one) => one.deferrable().initiallyDeferred()),
        ],
        on: {
          deposited: (event, db) => {
            runs++;
            return db.insertInto("amounts").values({ amount: event.value });
          },
        },
      },
    );
    const app = start(part);
    await app.waitForProjections();
    const { rows } = await sql<{
      n: number;
    }>`select count(*)::int as n from ${sql.table(`${database.schema}_checked_v1.amounts`)}`.execute(getKysely(store));
    expect(rows).toEqual([{ n: 20 }]);
    const deadLetters = await app.projection("checked").deadLetters();
    expect(deadLetters.map(({ key, version, attempts }) => [key, version, attempts])).toEqual([
      ["account/b", 2, 1],
      ["account/b", 3, 0],
      ["account/c", 2, 1],
    ]);
    expect(runs).toBeLessThan(23 * 6);
  });

  it("dead-letters the events of rows that cannot be stored, at any index of a batch, and keeps all others", async () => {
    const before = start();
    await fill(before, "a", ...Array.from({ length: 20 }, (_, i) => i + 1));
    await fill(before, "b", 13, 3);
    await before.stop();
    // More than an index can hold, in text that does not compress.
    let seed = 1;
    const long = Array.from({ length: 9000 }, () => {
      seed = (seed * 48271) % 2147483647;
      return String.fromCharCode(40 + (seed % 80));
    }).join("");
    const part = Total.projection({
      key: ({ value }) => (value === 7 ? "x".repeat(501) : `${value}`),
      on: {
        opened: () => {},
        deposited: (event, rows) => rows.upsert({ value: event.value === 13 ? long : `${event.value}` }),
      },
    });
    const app = start(part);
    await app.waitForProjections();
    const deadLetters = await app.projection("Total").deadLetters();
    expect(deadLetters.map(({ key, version }) => [key, version])).toEqual([
      ["13", 14],
      ["13", 2],
      ["account/a", 8],
    ]);
    const table = { name: "google.protobuf.StringValue", version: 1, codec: es(StringValueSchema) };
    const found = await store.rows.scan(table, "", { conditions: [], limit: 100 });
    expect(found.map(({ key }) => Number(key)).sort((x, y) => x - y)).toEqual(
      Array.from({ length: 20 }, (_, i) => i + 1).filter((n) => n !== 7 && n !== 13),
    );
  });

  it("fails the command when it is inline and fails", async () => {
    const part = totals({
      mode: "inline",
      after: () => {
        throw new Error("no");
      },
    });
    const app = start(part);
    await app.send(open, { value: "a" });
    await expect(app.send(deposit, { value: "a:5" })).rejects.toMatchObject({ code: "internal" });
    expect(await app.history(Account, "a")).toHaveLength(1);
    expect(await sums(app, part)).toEqual([{ id: "a", sum: 0n }]);
  });

  it("runs no unawaited work of a failed handler after its transaction", async () => {
    const late: Promise<unknown>[] = [];
    const part = sqlProjection(
      { events: { opened: Opened } },
      {
        name: "late",
        mode: "inline",
        tables: (schema: TableSchema<{ late: { id: string } }>) => [schema.createTable("late").addColumn("id", "text")],
        on: {
          opened: (_event, db, { stream }) => {
            for (const id of ["1", "2", "3"]) {
              const query = db
                .insertInto("late")
                .values({ id: stream.id + id })
                .execute();
              query.catch(() => {});
              late.push(query);
            }
            throw new Error("no");
          },
        },
      },
    );
    const app = start(part);
    await expect(app.send(open, { value: "a" })).rejects.toMatchObject({ code: "internal" });
    await expect(late[2]).rejects.toMatchObject({
      code: "failed_precondition",
      message: expect.stringContaining("after the end of the transaction"),
    });
    expect(await asking.in(app, (ctx) => part.view(ctx).selectFrom("late").selectAll().execute())).toEqual([]);
  });

  it("builds a version next to the live one and replaces it", async () => {
    const first = totals();
    const old = start(first);
    await fill(old, "a", 5);
    await old.waitForProjections();
    const second = totals({ version: 2, factor: 10 });
    const app = start(second);
    await app.start();
    // Queries meanwhile read one version or the other, through views of both releases.
    const seen = new Set<bigint>();
    const ask = async () => {
      for (const [asked, part] of [
        [old, first],
        [app, second],
      ] as const) {
        for (const { sum } of await sums(asked, part)) seen.add(sum);
      }
    };
    for (let i = 0; i < 20; i++) await ask();
    await app.waitForProjections();
    await expect
      .poll(async () => {
        await ask();
        return sums(app, second);
      })
      .toEqual([{ id: "a", sum: 50n }]);
    expect([...seen].every((sum) => sum === 5n || sum === 50n)).toBe(true);
    expect(await schemas()).toEqual([`${database.schema}_totals_v1`, `${database.schema}_totals_v2`]);
  });

  it("keeps responding though the version that was considered live is dropped", async () => {
    const first = totals();
    const old = start(first);
    await fill(old, "a", 5);
    await old.waitForProjections();
    expect(await sums(old, first)).toEqual([{ id: "a", sum: 5n }]);
    const second = totals({ version: 2, factor: 10 });
    const app = start(second);
    await app.start();
    await app.waitForProjections();
    await expect.poll(() => app.projections[0]?.state).toBe("live");
    expect(await sums(app, second)).toEqual([{ id: "a", sum: 50n }]);
    const target = first.target as NonNullable<typeof first.target> & { drop(s: Store, build: object): Promise<void> };
    await target.drop(store, { name: first.readModel.codec.typeName, version: 1, generation: 1 });
    await target.drop(store, { name: first.readModel.codec.typeName, version: 1, generation: 1 });
    expect(await schemas()).toEqual([`${database.schema}_totals_v2`]);
    // The earlier app has cached version 1 for a while.
    expect(await sums(old, first)).toEqual([{ id: "a", sum: 50n }]);
    expect(
      await asking.in(old, (ctx) => first.snapshot(ctx, (view) => view.selectFrom("totals").select("sum").execute())),
    ).toEqual([{ sum: 50n }]);
  });

  it("migrates its tables as they are when a step is added", async () => {
    const before = start(totals());
    await fill(before, "a", 5);
    await before.waitForProjections();
    await before.stop();
    const part = totals({
      tables: (schema) => [
        ...createTables(schema),
        schema.alterTable("totals").addColumn("note", "text", (c) => c.notNull().defaultTo("it's")),
        sql`create index raw on totals (note)`,
        sql`insert into ${sql.table("totals")} values ('z', 9, 1, 'raw')`,
      ],
    });
    const app = start(part);
    await fill(app, "b", 1);
    await app.waitForProjections();
    const rows = await asking.in(app, (ctx) => part.view(ctx).selectFrom("totals").selectAll().orderBy("id").execute());
    expect(rows).toMatchObject([
      { id: "a", sum: 5n, note: "it's" },
      { id: "b", sum: 1n },
      { id: "z", note: "raw" },
    ]);
    await app.stop();
    // Nothing is run twice, and a release of before can still start.
    await start(part).start();
    await start(totals()).start();
  });

  it("refuses a step that was run with another text", async () => {
    const app = start(totals());
    await app.start();
    await app.stop();
    const changed = totals({
      tables: (schema) => [
        ...createTables(schema).slice(0, 2),
        schema.createIndex("other").on("deposits").column("at"),
      ],
    });
    await expect(start(changed).start()).rejects.toMatchObject({
      code: "failed_precondition",
      message: expect.stringMatching(/^step 3 of the tables of \S+ version 1 was run in another form: put it back/),
    });
  });

  it("creates its tables once, however many processes start", async () => {
    const stores = [store, ...(medium === "PGlite" ? [] : [await database.open(), await database.open()])];
    const part = totals();
    await Promise.all(
      stores.flatMap((one) =>
        [1, 2, 3].map(() =>
          part.target && "open" in part.target
            ? part.target.prepare?.(one, { name: "n", version: 1, generation: 1 })
            : undefined,
        ),
      ),
    );
    expect(await schemas()).toEqual([`${database.schema}_totals_v1`]);
  });

  it("does not touch an unrelated schema with its name", async () => {
    const name = `${database.schema}_totals_v1`;
    const db = getKysely<{ precious: { id: string } }>(store);
    await db.schema.createSchema(name).execute();
    await db.withSchema(name).schema.createTable("precious").addColumn("id", "text").execute();
    const part = totals();
    const refusal = {
      code: "failed_precondition",
      message: expect.stringContaining(`the schema ${name} is there and not that of the projection`),
    };
    await expect(start(part).start()).rejects.toMatchObject(refusal);
    const target = part.target as { drop?(s: Store, build: object): Promise<void> };
    await expect(target.drop?.(store, { name: "n", version: 1, generation: 1 })).rejects.toMatchObject(refusal);
    expect(await db.withSchema(name).selectFrom("precious").selectAll().execute()).toEqual([]);
  });

  it("reports that a step has a value that cannot be bound", () => {
    expect(() => totals({ tables: () => [sql`insert into totals values (${"a"})`] })).toThrow(
      "step 1 of the tables has a value",
    );
  });
});

describe.each(media)("a view of tables on %s", (_, openDatabase) => {
  let database: TestDatabase;
  let app: App;
  const asking = createAsking();
  const part = totals({ mode: "inline" });

  beforeEach(async () => {
    database = await openDatabase();
    app = createApp({ store: await database.open(), parts: [createAccount(), asking.part, part] });
    await app.send(open, { value: "a" });
    await app.send(deposit, { value: "a:5" });
  });
  afterEach(() => app.stop());

  const view = <T>(work: (view: ReturnType<typeof part.view>) => Promise<T>) =>
    asking.in(app, (ctx) => work(part.view(ctx)));

  it("joins, groups, nests, names parts and takes raw SQL", async () => {
    expect(
      await view((db) =>
        db
          .with("big", (q) => q.selectFrom("deposits").select(["total_id", "amount"]).where("amount", ">", 1))
          .selectFrom("totals as t")
          .leftJoin("big", "big.total_id", "t.id")
          .select((e) => [
            "t.id",
            e.fn.sum<bigint>("big.amount").as("sum"),
            e.fn.coalesce("t.sum", sql<bigint>`0`).as("s"),
          ])
          .where((e) =>
            e.exists(e.selectFrom("deposits").select("event_id").whereRef("deposits.total_id", "=", "t.id")),
          )
          .groupBy(["t.id", "t.sum"])
          .execute(),
      ),
    ).toEqual([{ id: "a", sum: 5n, s: 5n }]);
    expect(
      await view(
        async (db) =>
          (
            await sql<{
              n: number;
            }>`select count(*)::int4 as n from ${sql.table("deposits")} as d where d.amount = ${5}`.execute(db)
          ).rows,
      ),
    ).toEqual([{ n: 1 }]);
  });

  it("cannot write, whatever the SQL", async () => {
    const creator = (db: unknown) => db as ReturnType<typeof getKysely<TotalTables>>;
    const attempts: ((db: unknown) => Promise<unknown>)[] = [
      (db) => creator(db).deleteFrom("totals").execute(),
      (db) => creator(db).updateTable("totals").set({ sum: 0n }).execute(),
      (db) => creator(db).insertInto("totals").values({ id: "x", sum: 0n, version: 1 }).execute(),
      (db) =>
        creator(db)
          .with("gone", (q) => q.deleteFrom("totals").returningAll())
          .selectFrom("gone")
          .selectAll()
          .execute(),
      (db) => creator(db).schema.dropTable("totals").execute(),
      (db) => sql`delete from ${sql.table("totals")}`.execute(creator(db)),
      (db) => creator(db).selectFrom("totals").select(sql`nextval('pg_catalog.pg_stat')`.as("n")).execute(),
      (db) =>
        creator(db)
          .selectFrom(sql`(select 1); delete from ${sql.table("totals")}`.as("x") as never)
          .selectAll()
          .execute(),
      (db) => sql`select 1; drop table ${sql.table("totals")}`.execute(creator(db)),
      (db) =>
        creator(db)
          .transaction()
          .execute((trx) => trx.deleteFrom("totals").execute()),
    ];
    for (const attempt of attempts) {
      await expect(view(attempt)).rejects.toThrow();
      await expect(asking.in(app, (ctx) => part.snapshot(ctx, attempt))).rejects.toThrow();
    }
    expect(await view((db) => db.selectFrom("totals").select("sum").execute())).toEqual([{ sum: 5n }]);
  });

  it("shows one moment in a snapshot", async () => {
    if (database === undefined || app.store.name === "pglite") return;
    const sum = (db: ReturnType<typeof part.view>) => db.selectFrom("totals").select("sum").executeTakeFirst();
    const seen = await asking.in(app, (ctx) =>
      part.snapshot(ctx, async (db) => {
        const before = await sum(db);
        await app.send(deposit, { value: "a:1" });
        return [before, await sum(db)];
      }),
    );
    expect(seen).toEqual([{ sum: 5n }, { sum: 5n }]);
    expect(await view(sum)).toEqual({ sum: 6n });
  });

  it("is available to handlers of queries only", () => {
    expect(() => part.view({ views: {}, tenant: "" })).toThrow("totals.view() was given no context of a query handler");
  });
});
