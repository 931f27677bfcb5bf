import { PotterError } from "../../errors/index.js";
import { bucketOf, planImport, streamMapKey } from "../../store/events/index.js";
import type { AppendResult, RecordedEvent, StreamId } from "../../store/ports/index.js";
import {
  busyStream,
  heldByAppenders,
  retryTransient,
  type Schema,
  SqlArray,
  type SqlDriver,
  type SqlSession,
  sleep,
} from "../driver/index.js";
import { lastVersion, latestMarker, latestVersion, markerColumns, markers, markerValues } from "../migrations/index.js";
import { bindStream, escapeNul, toMetadata } from "../values/index.js";

const ofEvents = "tenant = $1 AND stream_type = $2 AND stream_id = $3";

/** How long archiving waits for appends that run when it begins, in milliseconds. */
const patience = 30_000;

/** Closes and archives streams, and imports events of another store. */
export class StreamMaintenance {
  private readonly driver: SqlDriver;
  private readonly schema: Schema;

  constructor(driver: SqlDriver, schema: Schema) {
    this.driver = driver;
    this.schema = schema;
  }

  /** The marker takes the version after the last event, as an append would: one of them is written. */
  async close(stream: StreamId, expectedVersion: number): Promise<AppendResult> {
    const { schema } = this;
    const { sql } = schema;
    const marker = (version: string) =>
      `INSERT INTO ${sql}.events (${markerColumns})
        SELECT ${markerValues(schema, "closed", { tenant: "$1", type: "$2", id: "$3", version })}`;
    const text = `WITH closed AS (
        ${marker("$4::bigint + 1")} WHERE ${latestVersion(schema, "$1", "$2", "$3")} = $4
        ON CONFLICT (stream_id, stream_type, tenant, version) DO NOTHING RETURNING 1
      ), refused AS (${marker(lastVersion)} FROM closed)
      INSERT INTO ${sql}.streams AS s (tenant, type, id, version, closed) SELECT $1, $2, $3, $4, true FROM closed
      ON CONFLICT (id, type, tenant) DO UPDATE SET closed = true, version = greatest(s.version, excluded.version)
      RETURNING version`;
    const key = bindStream(stream);
    const done = await this.driver.query({ text }, [...key, expectedVersion]);
    if (done.length > 0) return { kind: "appended", version: expectedVersion, position: 0 };
    const [found] = await this.driver.query(
      {
        text: `SELECT ${latestVersion(schema, "$1", "$2", "$3")} AS version, ${latestMarker(schema, "$1", "$2", "$3")} AS marker`,
      },
      key,
    );
    if (found?.["marker"] === markers.closed) return { kind: "closed", stream };
    return { kind: "conflict", actualVersion: Number(found?.["version"] ?? 0), stream };
  }

  async releaseUniqueValues(tenant: string, subject: string): Promise<number> {
    const text = `DELETE FROM ${this.schema.sql}.unique_values WHERE tenant = $1 AND subject = $2 RETURNING true AS released`;
    return (await this.driver.query({ text, repeatable: true }, [escapeNul(tenant), escapeNul(subject)])).length;
  }

  /**
   * Moves events to the archive. An append that has found an earlier version must still be refused by the unique index, so their
   * versions leave it only when all appends have ended that ran when they were the last ones. The last version stays in it.
   */
  async archive(stream: StreamId, upTo: number): Promise<number> {
    const { schema } = this;
    const { sql } = schema;
    const key = bindStream(stream);
    const [found] = await this.driver.query(
      { text: `SELECT ${latestVersion(schema, "$1", "$2", "$3")} AS version`, repeatable: true },
      key,
    );
    const last = Math.min(upTo, Number(found?.["version"]));
    await this.waitForAppends();
    return this.inTransaction(async (session) => {
      // Locks the events against other calls.
      const lock = `SELECT version FROM ${sql}.events WHERE ${ofEvents} AND version <= $4 AND pos > 0 ORDER BY version FOR UPDATE`;
      const moving = await session.query({ text: lock }, [...key, last]);
      const archived = Number(moving.at(-1)?.["version"] ?? 0);
      if (archived === 0) return 0;
      const copy = `INSERT INTO ${sql}.events_archive SELECT * FROM ${sql}.events WHERE ${ofEvents} AND version <= $4 AND pos > 0`;
      await session.query({ text: copy }, [...key, archived]);
      const mark = `UPDATE ${sql}.events SET pos = -nextval('${sql}.markers'), type = '${markers.archived}', data = '', metadata = '{}'
        WHERE ${ofEvents} AND version = $4 AND ${latestVersion(schema, "$1", "$2", "$3")} = $4`;
      await session.query({ text: mark }, [...key, archived]);
      const text = `DELETE FROM ${sql}.events
        WHERE ${ofEvents} AND version <= $4 AND version < ${latestVersion(schema, "$1", "$2", "$3")}`;
      await session.query({ text }, [...key, archived]);
      const list = `INSERT INTO ${sql}.streams AS s (tenant, type, id, version, archived_version) VALUES ($1, $2, $3, $4, $4)
        ON CONFLICT (id, type, tenant) DO UPDATE SET version = greatest(s.version, excluded.version),
          archived_version = greatest(s.archived_version, excluded.archived_version)`;
      await session.query({ text: list }, [...key, archived]);
      return moving.length;
    });
  }

  /**
   * Waits for the transactions that append. Later ones see all events that are committed now. A statement that appends has locked the
   * table when it looks for the version; a function has only the lock of appenders then, and may wait before it writes.
   */
  private async waitForAppends(): Promise<void> {
    const { schema } = this;
    const text = `SELECT coalesce(string_agg(DISTINCT virtualtransaction, ' '), '') AS holders FROM pg_locks
      WHERE pid <> pg_backend_pid() AND (${heldByAppenders(schema)}
        OR locktype = 'relation' AND relation = '${schema.sql}.events'::regclass AND mode = 'RowExclusiveLock' AND granted
          AND database = (SELECT oid FROM pg_database WHERE datname = current_database()))`;
    const sample = async () => {
      const [row] = await this.driver.query({ text, repeatable: true }, []);
      return new Set(
        String(row?.["holders"] ?? "")
          .split(" ")
          .filter((holder) => holder !== ""),
      );
    };
    const running = await sample();
    const end = performance.now() + patience;
    for (let wait = 1; running.size > 0; wait = Math.min(wait * 2, 100)) {
      if (performance.now() > end) {
        throw new PotterError("aborted", `other transactions have been appending for ${patience / 1000} s; try again`);
      }
      await sleep(wait);
      const current = await sample();
      for (const holder of running) if (!current.has(holder)) running.delete(holder);
    }
  }

  import(events: readonly RecordedEvent[]): Promise<number> {
    return this.inTransaction(async (session) => {
      const { appenders, lock } = this.schema;
      await session.script(`SELECT pg_advisory_xact_lock_shared(${appenders}, ${lock})`);
      const present = await this.readStreams(session, events);
      const fresh = planImport(events, (stream) => {
        const { version, closed, ids } = present.get(streamMapKey(stream)) ?? nothing;
        return { version, closed, idAt: (wanted) => ids.get(wanted) };
      });
      if (fresh.length > 0) await this.insert(session, fresh);
      return fresh.length;
    });
  }

  /** Reads what exists of the streams of the events. */
  private async readStreams(
    session: SqlSession,
    events: readonly RecordedEvent[],
  ): Promise<Map<string, PresentStream>> {
    const { schema } = this;
    const { sql } = schema;
    const streams = [...new Map(events.map(({ stream }) => [streamMapKey(stream), stream])).values()];
    const text = `SELECT k.n, ${latestVersion(schema, "k.tenant", "k.type", "k.id")} AS version,
        (SELECT version FROM ${sql}.streams s WHERE s.tenant = k.tenant AND s.type = k.type AND s.id = k.id AND s.closed) AS closed
      FROM unnest($1::text[], $2::text[], $3::text[]) WITH ORDINALITY AS k (tenant, type, id, n)`;
    const found = new Map<string, PresentStream>();
    for (const row of await session.query({ text }, toKeyColumns(streams))) {
      const stream = streams[Number(row["n"]) - 1] as StreamId;
      const closed = row["closed"] !== null;
      const version = Number(closed ? row["closed"] : row["version"]);
      found.set(streamMapKey(stream), { version, closed, ids: new Map() });
    }
    await this.readIds(session, events, found);
    return found;
  }

  private async readIds(
    session: SqlSession,
    events: readonly RecordedEvent[],
    found: Map<string, PresentStream>,
  ): Promise<void> {
    const { sql } = this.schema;
    const known = events.filter(({ stream, version }) => version <= (found.get(streamMapKey(stream))?.version ?? 0));
    if (known.length === 0) return;
    const wanted =
      "unnest($1::text[], $2::text[], $3::text[], $4::bigint[]) AS k (tenant, stream_type, stream_id, version)";
    const select = (table: string) =>
      `SELECT k.n, e.id FROM ${wanted.replace(" AS k (", " WITH ORDINALITY AS k (").replace("version)", "version, n)")}
       JOIN ${sql}.${table} e USING (tenant, stream_type, stream_id, version) WHERE e.pos > 0`;
    const rows = await session.query({ text: `${select("events")} UNION ALL ${select("events_archive")} ORDER BY n` }, [
      ...toKeyColumns(known.map(({ stream }) => stream)),
      new SqlArray(
        "int8",
        known.map(({ version }) => version),
      ),
    ]);
    for (const row of rows) {
      const event = known[Number(row["n"]) - 1] as RecordedEvent;
      found.get(streamMapKey(event.stream))?.ids.set(event.version, row["id"] as string);
    }
  }

  private async insert(session: SqlSession, events: readonly RecordedEvent[]): Promise<void> {
    const { sql } = this.schema;
    const column = <T>(read: (event: RecordedEvent) => T) => events.map(read);
    // Positions are in the order given. Rows are written in the order of streams, as by groups of appends, which would wait for
    // each other in a circle otherwise.
    const text = `WITH numbered AS MATERIALIZED (
      SELECT nextval('${sql}.positions') AS pos, u.* FROM (
        SELECT * FROM unnest($1::text[], $2::text[], $3::text[], $4::bigint[], $5::text[], $6::integer[], $7::smallint[],
          $8::uuid[], $9::bigint[], $10::text[], $11::text[], $12::bytea[], $13::text[], $14::integer[]) WITH ORDINALITY
          AS u (tenant, stream_type, stream_id, version, type, schema_version, bucket, id, at, correlation, causation, data,
            metadata, place, n)
        ORDER BY n) u
    ), inserted AS (INSERT INTO ${sql}.events (pos, tenant, stream_type, stream_id, version, type, schema_version,
        bucket, id, at, correlation, causation, data, metadata)
      SELECT pos, tenant, stream_type, stream_id, version, type, schema_version, bucket, id, to_timestamp(at / 1000.0),
        correlation, causation, data, metadata::jsonb
      FROM numbered ORDER BY place, version
      ON CONFLICT (stream_id, stream_type, tenant, version) DO NOTHING RETURNING 1
    ) SELECT count(*) AS count FROM inserted`;
    const [written] = await session.query({ text }, [
      ...toKeyColumns(column(({ stream }) => stream)),
      new SqlArray(
        "int8",
        column(({ version }) => version),
      ),
      new SqlArray(
        "text",
        column(({ type }) => escapeNul(type)),
      ),
      new SqlArray(
        "int4",
        column(({ schemaVersion }) => schemaVersion),
      ),
      new SqlArray(
        "int2",
        column(({ stream }) => bucketOf(stream)),
      ),
      new SqlArray(
        "uuid",
        column(({ id }) => id),
      ),
      new SqlArray(
        "int8",
        column(({ at }) => at),
      ),
      new SqlArray(
        "text",
        column(({ correlationId }) => escapeNul(correlationId)),
      ),
      new SqlArray(
        "text",
        column(({ causationId }) => escapeNul(causationId)),
      ),
      new SqlArray("bytea", column(toBytes)),
      new SqlArray(
        "text",
        column(({ metadata }) => toMetadata(metadata)),
      ),
      new SqlArray("int4", toPlaces(events)),
    ]);
    if (Number(written?.["count"]) < events.length) throw busyStream();
  }

  private inTransaction<T>(work: (session: SqlSession) => Promise<T>): Promise<T> {
    return retryTransient(() => this.driver.transaction(work));
  }
}

const nothing: PresentStream = { version: 0, closed: false, ids: new Map() };

interface PresentStream {
  readonly version: number;
  readonly closed: boolean;
  /** Ids, by version, of existing events that are imported again. */
  readonly ids: Map<number, string>;
}

function toKeyColumns(streams: readonly StreamId[]): [SqlArray, SqlArray, SqlArray] {
  return [
    new SqlArray(
      "text",
      streams.map(({ tenant }) => escapeNul(tenant)),
    ),
    new SqlArray(
      "text",
      streams.map(({ type }) => escapeNul(type)),
    ),
    new SqlArray(
      "text",
      streams.map(({ id }) => escapeNul(id)),
    ),
  ];
}

/** The place of each event's stream in the order in which streams are written. */
function toPlaces(events: readonly RecordedEvent[]): readonly number[] {
  const keys = events.map(({ stream }) => streamMapKey(stream));
  const places = new Map([...new Set(keys)].sort().map((key, place) => [key, place]));
  return keys.map((key) => places.get(key) ?? 0);
}

function toBytes({ bytes, type, position }: RecordedEvent): Uint8Array {
  if (bytes !== undefined) return bytes;
  throw new PotterError(
    "invalid_argument",
    `the event ${type} at position ${position} has no bytes: events to import must be encoded`,
  );
}
