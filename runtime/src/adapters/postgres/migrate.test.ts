// Writes of the previous release while this one migrates.
import { readFile } from "node:fs/promises";
import pg from "pg";
import { describe, expect, it } from "vitest";
import { note } from "../../conformance/cases/index.js";
import { isPotterError } from "../../errors/index.js";
import { toSchema } from "../../sql/driver/schema.js";
import { createSqlStore, type Migration } from "../../sql/index.js";
import { dueRows } from "../../sql/migrations/due-rows.js";
import { migrations } from "../../sql/migrations/migrations.js";
import type { Store } from "../../store/ports/index.js";
import { openPostgres, type PostgresUnderTest, url } from "./postgres.fixture.js";
import { postgres } from "./postgres.js";
import { PostgresDriver } from "./postgres-driver.js";

const addColumn: Migration = {
  script: ({ sql }) => `
    ALTER TABLE ${sql}.streams ADD COLUMN shard integer NOT NULL DEFAULT 0;
    ALTER TABLE ${sql}.events ADD COLUMN shard integer NOT NULL DEFAULT 0;`,
};
const steps = [...migrations, addColumn];
const step = steps.length;

function nextRelease({ schema }: PostgresUnderTest, given: readonly Migration[] = steps, migrate = true): Store {
  return createSqlStore(new PostgresDriver({ url: url ?? "" }), { schema, migrate, steps: given });
}

/** Appends without a pause until it is stopped. */
function keepAppending(store: Store, writers = 8) {
  let running = true;
  let appended = 0;
  const append = async (stream: number): Promise<number> => {
    let version = 0;
    for (; running; version++) {
      const result = await store.events.append({
        stream: { tenant: "", type: "Note", id: `${stream}` },
        expectedVersion: version,
        events: [note("x")],
        correlationId: "c",
        causationId: "k",
        metadata: {},
      });
      if (result.kind !== "appended") throw new Error(`expected an append, found ${JSON.stringify(result)}`);
      appended++;
    }
    return version;
  };
  const work = Promise.all(Array.from({ length: writers }, (_, i) => append(i)));
  return {
    /** Resolves when this many more events have been appended. */
    async more(count: number): Promise<void> {
      const wanted = appended + count;
      await Promise.race([expect.poll(() => appended >= wanted).toBe(true), work]);
    },
    /** Returns the number of events. */
    async stop(): Promise<number> {
      running = false;
      const counts = await work;
      return counts.reduce((sum, count) => sum + count, 0);
    },
  };
}

async function countEvents({ admin, schema }: PostgresUnderTest): Promise<number> {
  const { rows } = await admin.query(`SELECT count(*)::int AS n FROM ${schema}.events`);
  return rows[0].n;
}

/** Whether a step waits for a table lock, and so blocks all later statements on the table. */
async function isStepWaiting({ admin, schema }: PostgresUnderTest): Promise<boolean> {
  const { rows } = await admin.query(
    `SELECT FROM pg_locks l JOIN pg_class c ON c.oid = l.relation JOIN pg_namespace n ON n.oid = c.relnamespace
     WHERE n.nspname = $1 AND NOT l.granted AND l.mode = 'AccessExclusiveLock'`,
    [schema],
  );
  return rows.length > 0;
}

describe.skipIf(url === undefined)("migrations of PostgreSQL, at POTTER_POSTGRES_URL", () => {
  it("run next to writers of the previous release, which are not disturbed", async () => {
    const under = await openPostgres();
    const next = nextRelease(under);
    const long = new pg.Client({ connectionString: url });
    await long.connect();
    try {
      const writers = keepAppending(under.store);
      await writers.more(100);
      // A long-running report: the step must wait for it, but no other statement may wait behind the step for as long.
      await long.query(`BEGIN; SELECT count(*) FROM ${under.schema}.events`);
      const migrated = next.start();
      for (let i = 0; i < 3; i++) {
        await expect.poll(() => isStepWaiting(under), { interval: 10 }).toBe(true);
        await writers.more(100);
      }
      await long.query("COMMIT");
      await migrated;
      expect(await next.migrations?.status()).toMatchObject({ current: step, known: step, pending: [] });
      await writers.more(100);
      const appended = await writers.stop();
      expect(await countEvents(under)).toBe(appended);
      // Both releases still work, and a process of the previous release can start again.
      for (const store of [under.store, await under.peer(), next]) {
        const { events } = await store.events.readAll(0, 10);
        expect(events).toHaveLength(10);
      }
    } finally {
      await long.end();
      await next.stop();
      await under.close();
    }
  });

  it("are listed while pending, run separately from start, and start fails clearly without them", async () => {
    const under = await openPostgres();
    const next = nextRelease(under, steps, false);
    try {
      const place = `schema ${under.schema} of postgres`;
      expect(await next.migrations?.status()).toEqual({
        place,
        current: step - 1,
        known: step,
        pending: [step],
        oldest: Math.max(...migrations.map(({ oldest }, i) => oldest ?? i)),
      });
      const error = await next.start().catch((found: unknown) => found);
      await next.stop();
      expect(isPotterError(error) && error.message).toBe(
        `the ${place} is at version ${step - 1}, and this release of @potter/runtime needs ${step}: run \`potter db migrate\`, or start the store without \`migrate: false\``,
      );
      expect(await next.migrations?.run()).toMatchObject({ current: step, pending: [] });
      await next.start();
      await next.stop();
    } finally {
      await under.close();
    }
  });

  it("are atomic: a step that fails leaves the schema unchanged", async () => {
    const under = await openPostgres();
    const broken = { script: ({ sql }: { sql: string }) => `CREATE TABLE ${sql}.half (); SELECT 1 / 0` };
    const next = nextRelease(under, [...steps, broken]);
    try {
      await expect(next.start()).rejects.toMatchObject({ code: "internal" });
      await next.stop();
      expect(await next.migrations?.status()).toMatchObject({ current: step, pending: [step + 1] });
      const { rows } = await under.admin.query("SELECT FROM pg_tables WHERE schemaname = $1 AND tablename = 'half'", [
        under.schema,
      ]);
      expect(rows).toHaveLength(0);
    } finally {
      await under.close();
    }
  });

  it("use the index of due rows that the guide builds before, while projections write", async () => {
    const under = await openPostgres();
    const before = { ...under, schema: `${under.schema}_before` };
    const [old, next] = [nextRelease(before, migrations.slice(0, 6)), nextRelease(before, migrations)];
    const guide = await readFile(new URL("../../../../docs/guides/stores.md", import.meta.url), "utf8");
    const [statement = ""] = /CREATE INDEX CONCURRENTLY rows_due [^;]+;/.exec(guide) ?? [];
    const index = async () => {
      const { rows } = await under.admin.query(
        "SELECT oid, pg_get_indexdef(oid) AS text FROM pg_class WHERE relname = 'rows_due' AND relnamespace = $1::regnamespace",
        [before.schema],
      );
      return rows as readonly { readonly oid: number; readonly text: string }[];
    };
    try {
      await old.start();
      await old.stop();
      await under.admin.query(statement.replace("potter.rows", `${before.schema}.rows`));
      const built = await index();
      await next.start();
      await next.stop();
      expect(await index()).toEqual(built);
      await under.admin.query(`DROP INDEX ${before.schema}.rows_due`);
      await under.admin.query(dueRows(toSchema(before.schema)).split(";")[0] ?? "");
      expect((await index())[0]?.text).toBe(built[0]?.text);
    } finally {
      await under.admin.query(`DROP SCHEMA IF EXISTS ${before.schema} CASCADE`);
      await under.close();
    }
  });

  it("refuse to let a process of an earlier release close and archive streams without markers", async () => {
    const under = await openPostgres();
    const { admin, schema } = under;
    const { events } = under.store;
    const stream = { tenant: "t", type: "Note", id: "a" };
    try {
      await events.append({
        stream,
        expectedVersion: 0,
        events: [note("x")],
        correlationId: "c",
        causationId: "k",
        metadata: {},
      });
      await events.listStreams({ limit: 1 });
      for (const [statement, message] of [
        [
          `UPDATE ${schema}.streams SET closed = true WHERE id = 'a' AND version = 1 AND NOT closed`,
          "closed by its marker",
        ],
        [`INSERT INTO ${schema}.streams VALUES ('t', 'Note', 'never', 0, true)`, "closed by its marker"],
        [`UPDATE ${schema}.streams SET archived = greatest(archived, 1) WHERE id = 'a'`, 'column "archived"'],
      ] as const) {
        await expect(admin.query(statement)).rejects.toThrow(message);
      }
      expect(await events.archiveEvents(stream, 1)).toBe(1);
      expect(await events.closeStream(stream, 1)).toMatchObject({ kind: "appended" });
      expect(await events.closeStream({ ...stream, id: "never" }, 0)).toMatchObject({ kind: "appended" });
      expect(await events.listStreams({ limit: 2 })).toMatchObject([
        { version: 1, closed: true, archivedVersion: 1 },
        { version: 0, closed: true },
      ]);
    } finally {
      await under.close();
    }
  });

  it("reject a release that the last step no longer supports", async () => {
    const under = await openPostgres();
    const next = nextRelease(under, [...migrations, { ...addColumn, oldest: step }]);
    try {
      await next.start();
      await next.stop();
      const old = postgres({ url: url ?? "", schema: under.schema });
      await expect(old.start()).rejects.toThrow(
        `is at version ${step}, and this release of @potter/runtime knows up to`,
      );
      await old.stop();
    } finally {
      await under.close();
    }
  });
});
