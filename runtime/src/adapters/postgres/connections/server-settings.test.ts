// Settings of the server, the database and the role, and how the store handles them.
import { randomUUID } from "node:crypto";
import pg from "pg";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { note, textOf } from "../../../conformance/cases/index.js";
import { openPostgres, url } from "../postgres.fixture.js";
import { postgres } from "../postgres.js";
import { PostgresDriver } from "../postgres-driver.js";

const request = (id: string, expectedVersion: number) => ({
  stream: { tenant: "", type: "Note", id },
  expectedVersion,
  events: [note(`\\'${id}`)],
  correlationId: "c",
  causationId: "k",
  metadata: { a: "\\" },
});

describe.skipIf(url === undefined)("settings of PostgreSQL", () => {
  const name = `odd_${randomUUID().replaceAll("-", "")}`;
  let admin: pg.Client;
  beforeAll(async () => {
    admin = new pg.Client({ connectionString: url });
    await admin.connect();
  });
  afterAll(async () => {
    await admin?.query(`DROP DATABASE IF EXISTS ${name}`);
    await admin?.query(`DROP DATABASE IF EXISTS ${name}_latin1`);
    await admin?.end();
  });
  const urlOf = (database: string) => {
    const of = new URL(url ?? "");
    of.pathname = `/${database}`;
    return of.href;
  };

  it("that the store relies on are set by it, whatever the defaults of the database", async () => {
    await admin.query(`CREATE DATABASE ${name}`);
    for (const setting of [
      "bytea_output = 'escape'",
      "standard_conforming_strings = off",
      "default_transaction_isolation = 'serializable'",
      "DateStyle = 'German'",
      "IntervalStyle = 'iso_8601'",
      "extra_float_digits = 0",
      "client_encoding = 'LATIN1'",
      "TimeZone = 'Asia/Kathmandu'",
    ]) {
      await admin.query(`ALTER DATABASE ${name} SET ${setting}`);
    }
    // With `pooler: true` no setting is kept in a session: each transaction sets it.
    for (const pooler of ["none", "transaction"] as const) {
      const schema = `settings_${pooler}`;
      const store = postgres({ url: urlOf(name), schema, pooler });
      await store.start();
      try {
        const all = Array.from({ length: 20 }, (_, i) => store.events.append(request(`\u00fc${i}`, 0)));
        expect(new Set((await Promise.all(all)).map(({ kind }) => kind))).toEqual(new Set(["appended"]));
        const state = new Uint8Array([0, 92, 255]);
        const { stream } = request("\u00fc0", 0);
        await store.events.saveSnapshot(stream, { version: 1, stateVersion: 1, state });
        const loaded = await store.events.loadStream(stream, { stateVersion: 1 });
        expect(loaded.snapshot?.state).toEqual(state);
        const { events } = await store.events.readAll(0, 100);
        expect(events.map(textOf).sort()).toEqual(Array.from({ length: 20 }, (_, i) => `\\'\u00fc${i}`).sort());
        expect(Math.abs((events[0]?.at ?? 0) - Date.now())).toBeLessThan(300_000);
      } finally {
        await store.stop();
      }
    }
  });

  it("have a limit for transactions that wait for their next statement, unless the server or an option has one", async () => {
    const limited = `${url}?options=-c%20idle_in_transaction_session_timeout%3D5s`;
    for (const pooler of ["none", "transaction"] as const) {
      for (const [options, expected] of [
        [{}, "1min"],
        [{ idleInTransactionTimeout: 0 }, "0"],
        [{ idleInTransactionTimeout: 2_000 }, "2s"],
        [{ url: limited }, "5s"],
        [{ url: limited, idleInTransactionTimeout: 0 }, "0"],
      ] as const) {
        const driver = new PostgresDriver({ url: url ?? "", connections: 1, pooler, ...options });
        await driver.start();
        const show = { text: "SHOW idle_in_transaction_session_timeout" };
        const [row] = await driver.transaction((session) => session.query(show, []));
        expect([pooler, options, row]).toEqual([pooler, options, { idle_in_transaction_session_timeout: expected }]);
        // No setting remains for the next client of the pooled connection.
        if (pooler === "transaction" && !("url" in options)) {
          expect(await driver.query(show, [])).toEqual([{ idle_in_transaction_session_timeout: "0" }]);
        }
        await driver.stop();
      }
    }
    const wrong = { url: url ?? "", idleInTransactionTimeout: -1 };
    expect(() => postgres(wrong)).toThrow(
      "idleInTransactionTimeout is -1: expected milliseconds, a whole number from 0 on",
    );
  }, 60_000);

  it("refuse a database of another encoding, and a search path that hides pg_catalog", async () => {
    await admin.query(
      `CREATE DATABASE ${name}_latin1 ENCODING 'LATIN1' TEMPLATE template0 LC_COLLATE 'C' LC_CTYPE 'C'`,
    );
    await expect(postgres(urlOf(`${name}_latin1`)).start()).rejects.toMatchObject({
      code: "failed_precondition",
      message:
        "postgres cannot be used as it is set: the encoding of the database is LATIN1, expected UTF8: create another with ENCODING 'UTF8'",
    });
    const hidden = `${url}?options=-c%20search_path%3Dpublic%2Cpg_catalog`;
    await expect(postgres(hidden).start()).rejects.toMatchObject({
      code: "failed_precondition",
      message: expect.stringContaining("search_path has public before pg_catalog"),
    });
  });

  it("detect a pooler that is not declared", async () => {
    const driver = new PostgresDriver({ url: url ?? "", connections: 1 });
    await driver.start();
    try {
      const statement = { name: "potter_test", text: "SELECT 1 AS one" };
      const refusal = {
        code: "failed_precondition",
        message: expect.stringMatching(/\((26000|42P05)\): a pooler .* set the option pooler to "transaction"$/),
      };
      expect(await driver.query(statement, [])).toEqual([{ one: 1 }]);
      // The connection belongs to another client, which has not prepared the statement.
      await driver.script("DEALLOCATE ALL");
      await expect(driver.query(statement, [])).rejects.toMatchObject(refusal);
      // It belongs to another client, which has prepared it.
      await driver.script("DEALLOCATE ALL");
      const other = { name: "potter_other", text: "SELECT 2 AS two" };
      expect(await driver.query(other, [])).toEqual([{ two: 2 }]);
      const [prepared] = await driver.query({ text: "SELECT name FROM pg_prepared_statements" }, []);
      expect(prepared?.["name"]).toMatch(/^potter_other_[0-9a-f]{16}$/);
      const fresh = new PostgresDriver({ url: url ?? "", connections: 1 });
      await fresh.start();
      await fresh.script(`PREPARE ${prepared?.["name"]} AS SELECT 3`);
      await expect(fresh.query(other, [])).rejects.toMatchObject(refusal);
      await fresh.stop();
      // The same name with another text is another statement.
      expect(await driver.query({ ...other, text: "SELECT 4 AS four" }, [])).toEqual([{ four: 4 }]);
    } finally {
      await driver.stop();
    }
  });

  it("end positions where JavaScript can no longer distinguish them", async () => {
    const { store, schema, admin: db, close } = await openPostgres();
    try {
      const last = Number.MAX_SAFE_INTEGER;
      await db.query(`SELECT setval('${schema}.positions', ${last - 2})`);
      await db.query(`UPDATE ${schema}.high_water_mark SET pos = ${last - 2}`);
      expect(await store.events.append(request("a", 0))).toMatchObject({ position: last - 1 });
      expect(await store.events.append(request("a", 1))).toMatchObject({ position: last });
      const seen = [];
      for (let after = last - 2; ; ) {
        const slice = await store.events.readAll(after, 1);
        if (slice.position === after) break;
        seen.push(...slice.events.map(({ position }) => position));
        after = slice.position;
      }
      expect(seen).toEqual([last - 1, last]);
      const none = { code: "resource_exhausted", message: expect.stringContaining("no positions left") };
      await expect(store.events.append(request("a", 2))).rejects.toMatchObject(none);
      await expect(
        store.events.appendToStreams({ ...request("", 0), appends: [request("a", 2)] }),
      ).rejects.toMatchObject(none);
      const driver = new PostgresDriver({ url: url ?? "", connections: 1 });
      await driver.start();
      const beyond = driver.query({ text: "SELECT 9007199254740993 AS pos" }, []);
      await expect(beyond)
        .rejects.toMatchObject({ code: "out_of_range" })
        .finally(() => driver.stop());
    } finally {
      await close();
    }
  });
});
