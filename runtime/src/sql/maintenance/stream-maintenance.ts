import { PotterError } from "../../errors/index.js";
import { bucketOf, planImport, streamMapKey } from "../../store/events/index.js";
import type { AppendResult, RecordedEvent, StreamId } from "../../store/ports/index.js";
import { retryTransient, type Schema, SqlArray, type SqlDriver, type SqlSession } from "../driver/index.js";
import { bindStream, escapeNul, toMetadata, unescapeNul } from "../values/index.js";

const ofStream = "tenant = $1 AND type = $2 AND id = $3";
const ofEvents = "tenant = $1 AND stream_type = $2 AND stream_id = $3";

/** Closes and archives streams, and imports events of another store. */
export class StreamMaintenance {
  private readonly driver: SqlDriver;
  private readonly schema: Schema;

  constructor(driver: SqlDriver, schema: Schema) {
    this.driver = driver;
    this.schema = schema;
  }

  async close(stream: StreamId, expectedVersion: number): Promise<AppendResult> {
    const { sql } = this.schema;
    const key = bindStream(stream);
    const text =
      expectedVersion === 0
        ? `INSERT INTO ${sql}.streams (tenant, type, id, version, closed) VALUES ($1, $2, $3, $4, true)
           ON CONFLICT DO NOTHING RETURNING version`
        : `UPDATE ${sql}.streams SET closed = true WHERE ${ofStream} AND version = $4 AND NOT closed RETURNING version`;
    const done = await this.driver.query({ text }, [...key, expectedVersion]);
    if (done.length > 0) return { kind: "appended", version: expectedVersion, position: 0 };
    const [found] = await this.driver.query(
      { text: `SELECT version, closed FROM ${sql}.streams WHERE ${ofStream}` },
      key,
    );
    if (found?.["closed"] === true) return { kind: "closed", stream };
    return { kind: "conflict", actualVersion: Number(found?.["version"] ?? 0), stream };
  }

  async releaseUniqueValues(tenant: string, subject: string): Promise<number> {
    const text = `DELETE FROM ${this.schema.sql}.unique_values WHERE tenant = $1 AND subject = $2 RETURNING true AS released`;
    return (await this.driver.query({ text, repeatable: true }, [escapeNul(tenant), escapeNul(subject)])).length;
  }

  archive(stream: StreamId, upTo: number): Promise<number> {
    const { sql } = this.schema;
    const key = bindStream(stream);
    return this.inTransaction(async (session) => {
      // Locks the stream against appends and other archive calls.
      const mark = `UPDATE ${sql}.streams SET archived = greatest(archived, least($4::bigint, version)) WHERE ${ofStream}`;
      await session.query({ text: mark }, [...key, upTo]);
      const text = `WITH moved AS (DELETE FROM ${sql}.events WHERE ${ofEvents} AND version <= $4 RETURNING *),
        kept AS (INSERT INTO ${sql}.events_archive SELECT * FROM moved)
        SELECT count(*) AS count FROM moved`;
      const [row] = await session.query({ text }, [...key, upTo]);
      return Number(row?.["count"]);
    });
  }

  import(events: readonly RecordedEvent[]): Promise<number> {
    return this.inTransaction(async (session) => {
      const { appenders, lock } = this.schema;
      await session.script(`SELECT pg_advisory_xact_lock_shared(${appenders}, ${lock})`);
      const present = await this.lockStreams(session, events);
      const fresh = planImport(events, (stream) => {
        const { version, closed, ids } = present.get(streamMapKey(stream)) ?? nothing;
        return { version, closed, idAt: (wanted) => ids.get(wanted) };
      });
      if (fresh.length > 0) await this.insert(session, fresh);
      return fresh.length;
    });
  }

  /** Locks the streams of the events, and reads what exists of them. */
  private async lockStreams(
    session: SqlSession,
    events: readonly RecordedEvent[],
  ): Promise<Map<string, PresentStream>> {
    const { sql } = this.schema;
    const streams = [...new Map(events.map(({ stream }) => [streamMapKey(stream), stream])).values()];
    const keys = toKeyColumns(streams);
    const begin = `INSERT INTO ${sql}.streams (tenant, type, id, version)
      SELECT tenant, type, id, 0 FROM unnest($1::text[], $2::text[], $3::text[]) AS k (tenant, type, id)
      ORDER BY tenant, type, id ON CONFLICT DO NOTHING`;
    await session.query({ text: begin }, keys);
    const lock = `SELECT s.tenant, s.type, s.id, s.version, s.closed FROM ${sql}.streams s
      JOIN unnest($1::text[], $2::text[], $3::text[]) AS k (tenant, type, id) USING (tenant, type, id)
      ORDER BY s.tenant, s.type, s.id FOR UPDATE OF s`;
    const found = new Map<string, PresentStream>();
    for (const row of await session.query({ text: lock }, keys)) {
      const stream = {
        tenant: unescapeNul(row["tenant"] as string),
        type: unescapeNul(row["type"] as string),
        id: unescapeNul(row["id"] as string),
      };
      found.set(streamMapKey(stream), {
        version: Number(row["version"]),
        closed: row["closed"] === true,
        ids: new Map(),
      });
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
       JOIN ${sql}.${table} e USING (tenant, stream_type, stream_id, version)`;
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
    const text = `INSERT INTO ${sql}.events (pos, tenant, stream_type, stream_id, version, type, schema_version, bucket, id, at,
        correlation, causation, data, metadata)
      SELECT nextval('${sql}.positions'), e.* FROM (
        SELECT tenant, stream_type, stream_id, version, type, schema_version, bucket, id, to_timestamp(at / 1000.0),
          correlation, causation, data, metadata::jsonb
        FROM unnest($1::text[], $2::text[], $3::text[], $4::bigint[], $5::text[], $6::integer[], $7::smallint[], $8::uuid[],
          $9::bigint[], $10::text[], $11::text[], $12::bytea[], $13::text[]) WITH ORDINALITY
          AS u (tenant, stream_type, stream_id, version, type, schema_version, bucket, id, at, correlation, causation, data,
            metadata, n)
        ORDER BY n) e`;
    await session.query({ text }, [
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
    ]);
    const move = `UPDATE ${sql}.streams s SET version = k.version
      FROM (SELECT tenant, type, id, max(version) AS version FROM unnest($1::text[], $2::text[], $3::text[], $4::bigint[])
        AS u (tenant, type, id, version) GROUP BY tenant, type, id) k
      WHERE s.tenant = k.tenant AND s.type = k.type AND s.id = k.id`;
    await session.query({ text: move }, [
      ...toKeyColumns(column(({ stream }) => stream)),
      new SqlArray(
        "int8",
        column(({ version }) => version),
      ),
    ]);
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

function toBytes({ bytes, type, position }: RecordedEvent): Uint8Array {
  if (bytes !== undefined) return bytes;
  throw new PotterError(
    "invalid_argument",
    `the event ${type} at position ${position} has no bytes: events to import must be encoded`,
  );
}
