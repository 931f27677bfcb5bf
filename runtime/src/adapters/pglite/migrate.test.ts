// Databases with data of an earlier version of the schema.
import { expect, it } from "vitest";
import { note, rowCodec, tableOf, textOf, write } from "../../conformance/cases/index.js";
import { createSqlStore } from "../../sql/index.js";
import { migrations } from "../../sql/migrations/index.js";
import type { Store } from "../../store/ports/index.js";
import { openDatabase, type PgliteDatabase } from "./database.js";
import { PgliteDriver, sharedDatabase } from "./pglite-driver.js";

const reservedBy = "00000000-0000-7000-8000-000000000001";
const other = "00000000-0000-7000-8000-000000000002";
const stream = { tenant: "t", type: "Note", id: "a" };

/** What version 3 of the schema held, under its names. Its functions are there by name; nothing calls them any more. */
const dataOfVersion3 = `
INSERT INTO potter.commands (tenant, id, request_hash, response, version) VALUES ('t', 'c1', 'h', '\\x01', 1);
INSERT INTO potter.commands (tenant, id, request_hash, version, holder, held_until)
  VALUES ('t', 'c2', 'held h2', 0, '${reservedBy}', clock_timestamp() + interval '1 hour');
INSERT INTO potter.streams (tenant, type, id, version) VALUES ('t', 'Note', 'a', 1);
INSERT INTO potter.events (pos, tenant, stream_type, stream_id, version, type, schema_version, bucket, id, at, correlation,
    causation, data, metadata)
  VALUES (3, 't', 'Note', 'a', 1, 'potter.testing.Noted', 3, 0, gen_random_uuid(), clock_timestamp(), 'c', 'k', '\\x0a016f', '{}');
SELECT setval('potter.positions', 4);
INSERT INTO potter.skips (first, last) VALUES (1, 2);
UPDATE potter.settled SET pos = 2;
INSERT INTO potter.claims (tenant, index, value, stream_type, stream_id, subject)
  VALUES ('t', 'Note/title', 'mine', 'Note', 'a', NULL), ('t', 'Note/title', 'personal', 'Note', 'a', 's');
INSERT INTO potter.rows (view, version, generation, tenant, key, data, fields)
  VALUES ('${rowCodec.typeName}', 1, 1, 't', 'k', '\\x0a016b', '{}');
INSERT INTO potter.states (tenant, type, id, version, state_version, state, at)
  VALUES ('t', 'Note', 'st', 1, 1, '\\x07', clock_timestamp());
INSERT INTO potter.subject_keys (tenant, subject, key) VALUES ('t', 'known', '\\x01');
INSERT INTO potter.subject_keys (tenant, subject, forgotten_at) VALUES ('t', 'erased', clock_timestamp());
CREATE FUNCTION potter.append_group(p_claim_owners integer[], OUT claim integer) LANGUAGE sql AS 'SELECT 1';
CREATE FUNCTION potter.row_lock(p_view text) RETURNS bigint LANGUAGE sql AS 'SELECT 1::bigint';
CREATE FUNCTION potter.lock_rows(p_floor bigint) RETURNS bigint LANGUAGE sql AS 'SELECT 1::bigint';
CREATE FUNCTION potter.claim_rows(p_floor bigint, OUT floor text) LANGUAGE sql AS 'SELECT NULL::text';
CREATE FUNCTION potter.write_rows(p_claim boolean) RETURNS void LANGUAGE sql AS '';
CREATE FUNCTION potter.write_state(p_indexes text[], OUT claim integer) LANGUAGE sql AS 'SELECT 1';`;

/** All names in the schema, and a hash of the text of each function. Constraints NOT NULL have names from PostgreSQL 18 on only. */
async function namesIn(database: PgliteDatabase): Promise<readonly string[]> {
  const { rows } = await database.query<{ readonly name: string }>(`
    SELECT c.relname::text AS name FROM pg_class c WHERE c.relnamespace = 'potter'::regnamespace
    UNION ALL SELECT c.relname || '.' || a.attname FROM pg_attribute a JOIN pg_class c ON c.oid = a.attrelid
      WHERE c.relnamespace = 'potter'::regnamespace AND c.relkind = 'r' AND a.attnum > 0
    UNION ALL SELECT conname::text FROM pg_constraint WHERE connamespace = 'potter'::regnamespace AND contype <> 'n'
    UNION ALL SELECT p.oid::regprocedure || ': ' || coalesce(p.proargnames::text, '') || md5(p.prosrc) FROM pg_proc p
      WHERE p.pronamespace = 'potter'::regnamespace
    ORDER BY 1`);
  return rows.map(({ name }) => name);
}

function append(store: Store, id: string, value?: string) {
  return store.events.append({
    stream: { ...stream, id },
    expectedVersion: 0,
    events: [note("n")],
    correlationId: "c",
    causationId: "k",
    metadata: {},
    ...(value !== undefined && { uniqueValues: [{ index: "Note/title", value, action: "reserve" as const }] }),
  });
}

it("keeps the data of version 3 of the schema, and ends with the names of a new database", async () => {
  const database = await openDatabase(undefined);
  const open = (steps = migrations) => createSqlStore(new PgliteDriver(sharedDatabase(database)), { steps });
  try {
    const former = open(migrations.slice(0, 3));
    await former.start();
    await former.stop();
    await database.exec(dataOfVersion3);

    const store = open();
    await store.start();
    const { events } = store;
    expect(await events.head()).toBe(3);
    expect((await events.readStream(stream)).map(textOf)).toEqual(["o"]);
    expect(await events.findCommand("t", "c1")).toMatchObject({ requestHash: "h", version: 1 });
    const reservation = { id: "c2", requestHash: "h2", lease: 1000 };
    expect(await events.reserveCommand("t", { ...reservation, holder: other })).toEqual({
      kind: "reserved_by_other",
      requestHash: "h2",
    });
    expect(await events.reserveCommand("t", { ...reservation, holder: reservedBy })).toEqual({ kind: "reserved" });
    const taken = { kind: "value_taken", index: "Note/title", value: "mine" };
    expect(await append(store, "b", "mine")).toEqual(taken);
    expect(await append(store, "b", "free")).toMatchObject({ kind: "appended", version: 1 });
    expect(await events.releaseUniqueValues("t", "s")).toBe(1);
    expect(await store.rows.get(tableOf(), "t", "k")).toMatchObject({ id: "k" });
    await write(store, (rows) => rows.put(tableOf(), "t", "k", rowCodec.create({ id: "k", title: "new" })));
    expect(await store.rows.get(tableOf(), "t", "k")).toMatchObject({ title: "new" });
    expect(await store.states?.load({ ...stream, id: "st" })).toMatchObject({ version: 1 });
    const subjects = ["known", "erased"].map((subject) => ({ tenant: "t", subject }));
    expect(await store.keys?.find(subjects)).toMatchObject([{ erased: false }, { erased: true, wrapped: undefined }]);
    expect(await store.keys?.readmit({ tenant: "t", subject: "erased" })).toBe(true);
    await store.stop();

    const migrated = await namesIn(database);
    await database.exec("DROP SCHEMA potter CASCADE");
    const fresh = open();
    await fresh.start();
    await fresh.stop();
    expect(migrated).toEqual(await namesIn(database));
    expect(migrated.filter((name) => /claim|settled|skips|forgotten|held_until|floor/.test(name))).toEqual([]);
  } finally {
    await database.close();
  }
});

/** Streams as version 5 of the schema held them: open, closed, archived as a whole, archived in part, closed without events. */
const streamsOfVersion5 = `
INSERT INTO potter.streams (tenant, type, id, version, closed, archived) VALUES
  ('t', 'Note', 'open', 2, false, 0), ('t', 'Note', 'closed', 1, true, 0), ('t', 'Note', 'archived', 2, false, 2),
  ('t', 'Note', 'part', 2, false, 1), ('t', 'Note', 'both', 1, true, 1), ('t', 'Note', 'none', 0, true, 0);
INSERT INTO potter.events (pos, tenant, stream_type, stream_id, version, type, schema_version, bucket, id, at, correlation,
    causation, data, metadata)
  SELECT pos, 't', 'Note', stream_id, version, 'potter.testing.Noted', 3, 0, gen_random_uuid(), clock_timestamp(), 'c', 'k', '\\x0a016f', '{}'
  FROM (VALUES (1, 'open', 1), (2, 'open', 2), (3, 'closed', 1), (4, 'archived', 1), (5, 'archived', 2), (6, 'part', 1),
    (7, 'part', 2), (8, 'both', 1)) AS e (pos, stream_id, version);
SELECT setval('potter.positions', 8);
INSERT INTO potter.events_archive SELECT * FROM potter.events WHERE stream_id IN ('archived', 'both') OR pos = 6;
DELETE FROM potter.events WHERE stream_id IN ('archived', 'both') OR pos = 6;`;

it("keeps the versions of the streams of version 5 of the schema, and what is closed and archived", async () => {
  const database = await openDatabase(undefined);
  const openStore = (steps = migrations) => createSqlStore(new PgliteDriver(sharedDatabase(database)), { steps });
  try {
    const former = openStore(migrations.slice(0, 5));
    await former.start();
    await former.stop();
    await database.exec(streamsOfVersion5);
    const store = openStore();
    await store.start();
    const listed = async () =>
      (await store.events.listStreams({ limit: 100 })).map((info) => [
        info.stream.id,
        info.version,
        info.closed,
        info.archivedVersion,
      ]);
    expect(await listed()).toEqual([
      ["archived", 2, false, 2],
      ["both", 1, true, 1],
      ["closed", 1, true, 0],
      ["none", 0, true, 0],
      ["open", 2, false, 0],
      ["part", 2, false, 1],
    ]);
    const next = async (id: string, expectedVersion: number) =>
      (
        await store.events.append({
          stream: { ...stream, id },
          expectedVersion,
          events: [note("n")],
          correlationId: "c",
          causationId: "k",
          metadata: {},
        })
      ).kind;
    for (const id of ["open", "archived", "part"]) {
      for (const version of [0, 1, 3])
        expect([id, version, await next(id, version)]).toEqual([id, version, "conflict"]);
      expect([id, await next(id, 2)]).toEqual([id, "appended"]);
    }
    for (const id of ["closed", "both", "none"]) {
      for (const version of [0, 1, 2]) expect([id, version, await next(id, version)]).toEqual([id, version, "closed"]);
    }
    expect((await store.events.readAll(0, 100)).events.map(({ position }) => position)).toEqual(
      Array.from({ length: 11 }, (_, i) => i + 1),
    );
    expect((await listed()).map(([, version]) => version)).toEqual([3, 1, 1, 0, 3, 3]);
    await store.stop();
  } finally {
    await database.close();
  }
});
