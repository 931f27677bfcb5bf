import { randomUUID } from "node:crypto";
import { describe, expect, it } from "vitest";
import { note, rowCodec, type TestRow, tableOf } from "../../conformance/cases/index.js";
import { eventSchemasConformance } from "../../conformance/event-schema-store-conformance.js";
import { eventStoreConformance } from "../../conformance/event-store/index.js";
import { outboxConformance } from "../../conformance/outbox-conformance.js";
import { projectionStoreConformance } from "../../conformance/projection-store-conformance.js";
import { rowStoreConformance } from "../../conformance/row-store-conformance.js";
import { stateStoreConformance } from "../../conformance/state-store-conformance.js";
import { subjectKeysConformance } from "../../conformance/subject-key-store-conformance.js";
import { isPotterError } from "../../errors/index.js";
import { sessionOf } from "../../sql/index.js";
import { migrations } from "../../sql/migrations/migrations.js";
import type { ApplyInline } from "../../store/ports/index.js";
import { openPostgres, url } from "./postgres.fixture.js";
import { postgres } from "./postgres.js";

const request = (id: string, expectedVersion: number) => ({
  stream: { tenant: "", type: "Note", id },
  expectedVersion,
  events: [note("x")],
  correlationId: "c",
  causationId: "k",
  metadata: {},
});

async function errorOf(work: Promise<unknown>): Promise<Error> {
  const found = await work.then(
    () => undefined,
    (error: unknown) => error,
  );
  if (!isPotterError(found)) throw new Error(`expected a PotterError, found ${found}`);
  return found;
}

describe.skipIf(url === undefined)("PostgreSQL, at POTTER_POSTGRES_URL", () => {
  describe("conforms", () => {
    for (const { name, run } of [
      ...eventStoreConformance(openPostgres),
      ...rowStoreConformance(openPostgres),
      ...subjectKeysConformance(openPostgres),
      ...eventSchemasConformance(openPostgres),
      ...stateStoreConformance(openPostgres),
      ...outboxConformance(openPostgres),
      ...projectionStoreConformance(openPostgres),
    ]) {
      it(name, run, 60_000);
    }
  });

  it("migrates once when many processes start at once", async () => {
    const under = await openPostgres();
    const { schema, admin } = under;
    try {
      await admin.query(`DROP SCHEMA ${schema} CASCADE`);
      await Promise.all(Array.from({ length: 8 }, () => under.peer()));
      const { rows } = await admin.query(`SELECT version FROM ${schema}.migrations ORDER BY version`);
      expect(rows).toEqual(migrations.map((_, i) => ({ version: i + 1 })));
    } finally {
      await under.close();
    }
  });

  it("refuses a schema of a later release", async () => {
    const under = await openPostgres();
    try {
      await under.admin.query(`INSERT INTO ${under.schema}.migrations (version) VALUES (99)`);
      const error = await errorOf(under.peer());
      expect(error.message).toBe(
        `the schema ${under.schema} of postgres is at version 99, and this release of @potter/runtime knows up to ${migrations.length}: update it`,
      );
    } finally {
      await under.admin.query(`DELETE FROM ${under.schema}.migrations WHERE version = 99`);
      await under.close();
    }
  });

  it("ends deadlocks of inline statements without an error for callers", async () => {
    const under = await openPostgres({ connections: 4, connectTimeout: 60_000 });
    const { schema, admin, store } = under;
    try {
      await admin.query(`CREATE TABLE ${schema}.totals (id integer PRIMARY KEY, n integer NOT NULL DEFAULT 0)`);
      await admin.query(`INSERT INTO ${schema}.totals (id) VALUES (1), (2), (3)`);
      const text = `UPDATE ${schema}.totals SET n = n + 1 WHERE id = $1`;
      const inline =
        (order: readonly number[]): ApplyInline =>
        async (_, rows) => {
          for (const id of order) {
            await sessionOf(rows)?.query({ text }, [id]);
            await new Promise((resolve) => setTimeout(resolve, 5));
          }
        };
      const stores = [store, await under.peer()];
      const orders = [
        [1, 2, 3],
        [3, 2, 1],
        [2, 3, 1],
      ];
      const events = Array.from({ length: 24 }, (_, i) => {
        const context = { ...request(`e${i}`, 0), inline: inline(orders[i % 3] as number[]) };
        return (stores[i % 2] as typeof store).events.append(context);
      });
      const states = Array.from({ length: 12 }, (_, i) => {
        const write = { ...request(`s${i}`, 0), inline: inline(orders[i % 3] as number[]), outbox: false };
        return store.states?.write({ ...write, state: { stateVersion: 1, bytes: new Uint8Array() } });
      });
      const results = await Promise.allSettled([...events, ...states]);
      const kinds = results.map((result) => (result.status === "fulfilled" ? result.value?.kind : result.reason));
      expect(new Set(kinds)).toEqual(new Set(["appended"]));
      const { rows } = await admin.query(`SELECT n FROM ${schema}.totals`);
      expect(rows).toEqual([{ n: 36 }, { n: 36 }, { n: 36 }]);
    } finally {
      await under.close();
    }
  });

  it("reads large events in slices that memory can hold", async () => {
    const under = await openPostgres();
    const { events } = under.store;
    try {
      const large = "x".repeat(1_000_000);
      for (let i = 0; i < 45; i++) await events.append({ ...request(`l${i}`, 0), events: [note(large)] });
      for (let i = 0; i < 60; i++) await events.append(request(`s${i}`, 0));
      const lengths: number[] = [];
      for (let position = 0; ; ) {
        const slice = await events.readAll(position, lengths.length === 0 ? 5 : 1000);
        if (slice.position === position) break;
        lengths.push(slice.events.length);
        position = slice.position;
      }
      expect(lengths[0]).toBe(5);
      expect(lengths[1]).toBe(33);
      expect(lengths.reduce((sum, length) => sum + length, 0)).toBe(105);
    } finally {
      await under.close();
    }
  });

  it("reports that the connection was lost, and reconnects", async () => {
    const under = await openPostgres({ connections: 1 });
    const { events } = under.store;
    try {
      const inline: ApplyInline = async ([event]) => {
        expect(event?.position).toBeGreaterThan(0);
        await under.admin.query("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name = $1", [
          under.schema,
        ]);
      };
      const error = await errorOf(events.append({ ...request("a", 0), inline }));
      expect(error).toMatchObject({ code: "unavailable", message: "PostgreSQL cannot be reached" });
      expect(await events.append(request("a", 0))).toMatchObject({ kind: "appended", version: 1 });
    } finally {
      await under.close();
    }
  });

  it("retries when the database ends a deadlock", async () => {
    const under = await openPostgres();
    const { events, rows } = under.store;
    const table = tableOf();
    let attempts = 0;
    let holding = 0;
    // Each transaction locks one row and then requests the other. Without a position there would be no transaction.
    const inline =
      (keys: readonly [string, string]): ApplyInline =>
      async ([event], transaction) => {
        expect(event?.position).toBeGreaterThan(0);
        attempts++;
        await transaction.get(table, "", keys[0]);
        holding++;
        while (holding < 2) await new Promise((resolve) => setTimeout(resolve, 1));
        const found = (await transaction.get(table, "", keys[1])) as TestRow | undefined;
        await transaction.put(table, "", keys[1], rowCodec.create({ id: keys[1], title: `${found?.title ?? ""}x` }));
      };
    try {
      const results = await Promise.all([
        events.append({ ...request("a", 0), inline: inline(["1", "2"]) }),
        events.append({ ...request("b", 0), inline: inline(["2", "1"]) }),
      ]);
      expect(results).toMatchObject([{ kind: "appended" }, { kind: "appended" }]);
      expect(attempts).toBe(3);
      expect([await rows.get(table, "", "1"), await rows.get(table, "", "2")]).toMatchObject([
        { title: "x" },
        { title: "x" },
      ]);
      for (const id of ["a", "b"]) expect(await events.readStream(request(id, 0).stream)).toHaveLength(1);
    } finally {
      await under.close();
    }
  });

  it("runs without the privilege to create objects if the schema exists", async () => {
    const under = await openPostgres();
    const { schema, admin } = under;
    const role = `role_${randomUUID().replaceAll("-", "")}`;
    try {
      await admin.query(`CREATE ROLE ${role} LOGIN; GRANT USAGE ON SCHEMA ${schema} TO ${role};
        GRANT ALL ON ALL TABLES IN SCHEMA ${schema} TO ${role}; GRANT ALL ON ALL SEQUENCES IN SCHEMA ${schema} TO ${role}`);
      const limited = new URL(url ?? "");
      limited.username = role;
      const store = postgres({ url: limited.href, schema });
      await store.start();
      expect(await store.events.append(request("a", 0))).toMatchObject({ kind: "appended" });
      await store.stop();
    } finally {
      await admin.query(`DROP OWNED BY ${role}; DROP ROLE ${role}`);
      await under.close();
    }
  });

  it("fails at once if the database does not exist", async () => {
    const missing = new URL(url ?? "");
    missing.pathname = "/nowhere";
    missing.password = "secret";
    const error = await errorOf(postgres(missing.href).start());
    expect(error).toMatchObject({ code: "failed_precondition" });
    expect(error.message).toBe(
      `PostgreSQL at ${missing.host}/nowhere does not let us in: database "nowhere" does not exist`,
    );
  });
});

describe("postgres()", () => {
  it("fails if the server cannot be reached, without revealing the password", async () => {
    const store = postgres({ url: "postgres://user:secret@127.0.0.1:1/db", startTimeout: 200 });
    const error = await errorOf(store.start());
    expect(error).toMatchObject({ code: "unavailable" });
    expect(error.message).toBe("PostgreSQL at 127.0.0.1:1/db cannot be reached: connect ECONNREFUSED 127.0.0.1:1");
  });

  it.each(["", "mysql://user:secret@host/db", "postgres://user:secret@host:port/db"])(
    "refuses the URL %j without repeating it",
    (given) => {
      expect(() => postgres(given)).toThrow(
        "the URL of the database must be like postgres://user:password@host:5432/database",
      );
    },
  );

  it.each(["", "1a", "Potter", 'a"b', "a".repeat(64)])("refuses the schema %j", (schema) => {
    expect(() => postgres({ url: "postgres://host/db", schema })).toThrow(
      `${JSON.stringify(schema)} cannot be the schema`,
    );
  });

  it("reports that it was not started", async () => {
    const error = await errorOf(postgres("postgres://host/db").events.readAll(0, 1));
    expect(error.message).toBe("PostgreSQL is not connected: the store was not started, or has stopped");
  });
});
