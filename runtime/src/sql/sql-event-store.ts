import {
  type AppendRequest,
  type AppendResult,
  AppendSignal,
  type CommandRecord,
  type EventSlice,
  type EventStore,
  type InlineApply,
  type RecordedEvent,
  type Snapshot,
  type StreamId,
} from "../event-store/index.js";
import type { SqlDriver, SqlRow, SqlSession, SqlValue } from "./driver.js";
import { toJsonObject } from "./json.js";
import { GapSafeReader } from "./read-all.js";
import { atMilliseconds, eventColumns, toRecordedEvent } from "./recorded-event.js";
import { retryTransient } from "./retry.js";
import type { Schema } from "./schema.js";
import type { SqlRowStore } from "./sql-row-store.js";
import { toText } from "./text.js";

/** Events in PostgreSQL, by whichever driver. */
export class SqlEventStore implements EventStore {
  private readonly driver: SqlDriver;
  private readonly rows: SqlRowStore;
  private readonly reader: GapSafeReader;
  private readonly signal = new AppendSignal();
  private readonly sql: {
    readonly append: string;
    readonly readStream: string;
    readonly findCommand: string;
    readonly recordCommand: string;
    readonly loadSnapshot: string;
    readonly saveSnapshot: string;
  };

  constructor(driver: SqlDriver, schema: Schema, rows: SqlRowStore) {
    this.driver = driver;
    this.rows = rows;
    this.reader = new GapSafeReader(driver, schema);
    this.sql = {
      append: `SELECT outcome, version, ${atMilliseconds} AS at, positions, response
        FROM ${schema.sql}.append_events($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14)`,
      readStream: `SELECT ${eventColumns} FROM ${schema.sql}.events
        WHERE tenant = $1 AND stream_type = $2 AND stream_id = $3 AND version > $4 ORDER BY version`,
      findCommand: `SELECT request_hash, response, version FROM ${schema.sql}.commands WHERE tenant = $1 AND id = $2`,
      recordCommand: `INSERT INTO ${schema.sql}.commands (tenant, id, request_hash, response, version)
        VALUES ($1, $2, $3, $4, 0) ON CONFLICT DO NOTHING RETURNING true AS recorded`,
      loadSnapshot: `SELECT version, state FROM ${schema.sql}.snapshots
        WHERE tenant = $1 AND stream_type = $2 AND stream_id = $3 AND state_version = $4`,
      saveSnapshot: `INSERT INTO ${schema.sql}.snapshots AS s (tenant, stream_type, stream_id, state_version, version, state)
        VALUES ($1, $2, $3, $4, $5, $6)
        ON CONFLICT (tenant, stream_type, stream_id, state_version) DO UPDATE
        SET version = excluded.version, state = excluded.state WHERE s.version < excluded.version`,
    };
  }

  async append(request: AppendRequest): Promise<AppendResult> {
    const values = toValues(request);
    const result = await retryTransient(async () =>
      request.inline === undefined
        ? toResult(await this.call(this.driver, values), request)
        : this.appendInline(request, request.inline, values),
    );
    if (result.kind === "appended" && request.events.length > 0) this.signal.notify();
    return result;
  }

  async readStream(stream: StreamId, after = 0): Promise<readonly RecordedEvent[]> {
    const statement = { name: "potter_read_stream", text: this.sql.readStream };
    return (await this.driver.query(statement, [...toKey(stream), after])).map(toRecordedEvent);
  }

  readAll(after: number, limit: number): Promise<EventSlice> {
    return this.reader.read(after, limit);
  }

  async findCommand(tenant: string, id: string): Promise<(CommandRecord & { readonly version: number }) | undefined> {
    const statement = { name: "potter_find_command", text: this.sql.findCommand };
    const [row] = await this.driver.query(statement, [toText(tenant), toText(id)]);
    if (row === undefined) return undefined;
    return {
      id,
      requestHash: row["request_hash"] as string,
      response: row["response"] as Uint8Array,
      version: Number(row["version"]),
    };
  }

  async recordCommand(tenant: string, { id, requestHash, response }: CommandRecord): Promise<boolean> {
    const statement = { name: "potter_record_command", text: this.sql.recordCommand };
    const rows = await this.driver.query(statement, [toText(tenant), toText(id), requestHash, response]);
    return rows.length > 0;
  }

  async loadSnapshot(stream: StreamId, stateVersion: number): Promise<Snapshot | undefined> {
    const statement = { name: "potter_load_snapshot", text: this.sql.loadSnapshot };
    const [row] = await this.driver.query(statement, [...toKey(stream), stateVersion]);
    return row && { version: Number(row["version"]), stateVersion, state: row["state"] as Uint8Array };
  }

  async saveSnapshot(stream: StreamId, { version, stateVersion, state }: Snapshot): Promise<void> {
    const statement = { name: "potter_save_snapshot", text: this.sql.saveSnapshot };
    await this.driver.query(statement, [...toKey(stream), stateVersion, version, state]);
  }

  onAppend(listener: () => void): () => void {
    return this.signal.listen(listener);
  }

  private appendInline(request: AppendRequest, inline: InlineApply, values: AppendValues): Promise<AppendResult> {
    return this.driver.transaction(async (session) => {
      const row = await this.call(session, values);
      const result = toResult(row, request);
      if (result.kind !== "appended" || request.events.length === 0) return result;
      const rows = this.rows.begin(session, { claims: true });
      await inline(toRecorded(row, request, values.payloads), rows);
      await this.rows.write(session, rows.changes, { claims: true });
      return result;
    });
  }

  private async call(session: SqlSession, { bound }: AppendValues): Promise<SqlRow> {
    const [row] = await session.query({ name: "potter_append", text: this.sql.append }, bound);
    return row as SqlRow;
  }
}

/** What an append binds, and the encoded events among it. Made once, however often the append is tried. */
interface AppendValues {
  readonly bound: readonly SqlValue[];
  readonly payloads: readonly Uint8Array[];
}

function toValues(request: AppendRequest): AppendValues {
  const { stream, expectedVersion, events, correlationId, causationId, metadata, command } = request;
  const payloads = events.map(({ definition, data, bytes }) => bytes ?? definition.codec.encode(data));
  const bound = [
    ...toKey(stream),
    expectedVersion,
    events.map(({ id }) => id),
    events.map(({ definition }) => toText(definition.type)),
    events.map(({ definition }) => definition.version),
    payloads,
    toText(correlationId),
    toText(causationId),
    toJsonObject(Object.entries(metadata)),
    command === undefined ? null : toText(command.id),
    command?.requestHash ?? null,
    command?.response ?? null,
  ];
  return { bound, payloads };
}

function toKey({ tenant, type, id }: StreamId): [string, string, string] {
  return [toText(tenant), toText(type), toText(id)];
}

function toResult(row: SqlRow, { events }: AppendRequest): AppendResult {
  const version = Number(row["version"]);
  switch (row["outcome"]) {
    case "appended":
      return { kind: "appended", version, position: events.length === 0 ? 0 : Number(toPositions(row).at(-1)) };
    case "conflict":
      return { kind: "conflict", actualVersion: version };
    case "duplicate":
      return { kind: "duplicate", response: row["response"] as Uint8Array, version };
    default:
      return { kind: "mismatch" };
  }
}

/** The events as the database has them, without reading them back. */
function toRecorded(row: SqlRow, request: AppendRequest, payloads: readonly Uint8Array[]): readonly RecordedEvent[] {
  const { stream, expectedVersion, events, correlationId, causationId, metadata } = request;
  const positions = toPositions(row);
  return events.map(({ id, definition }, i) => ({
    id,
    position: Number(positions[i]),
    stream,
    version: expectedVersion + i + 1,
    type: definition.type,
    schemaVersion: definition.version,
    at: Number(row["at"]),
    correlationId,
    causationId,
    metadata,
    bytes: payloads[i] as Uint8Array,
  }));
}

function toPositions(row: SqlRow): readonly (number | bigint | string)[] {
  return row["positions"] as readonly (number | bigint | string)[];
}
