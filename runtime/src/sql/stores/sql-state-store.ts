import { checkEventSize, checkStateWrite, checkStream } from "../../store/checks/index.js";
import type {
  ApplyInline,
  RecordedEvent,
  StateStore,
  StateWrite,
  StateWriteResult,
  StoredState,
  StreamId,
} from "../../store/ports/index.js";
import { isRepeatable } from "../append/index.js";
import {
  retryTransient,
  type Schema,
  type SqlDriver,
  type SqlRow,
  type SqlSession,
  type SqlValue,
} from "../driver/index.js";
import { inlineLock, type RowLocks, type SqlRowStore } from "../rows/index.js";
import { atMilliseconds, bindStream, escapeNul, toMetadata } from "../values/index.js";
import type { SqlOutbox } from "./sql-outbox.js";

/** States of aggregates that store their state. */
export class SqlStateStore implements StateStore {
  private readonly driver: SqlDriver;
  private readonly rows: SqlRowStore;
  private readonly outbox: SqlOutbox;
  private readonly maxEventSize: number;
  private readonly sql: Readonly<Record<"load" | "write" | "writeInline" | "writeAlone", string>>;

  constructor(driver: SqlDriver, schema: Schema, rows: SqlRowStore, outbox: SqlOutbox, maxEventSize: number) {
    this.driver = driver;
    this.maxEventSize = maxEventSize;
    this.rows = rows;
    this.outbox = outbox;
    const { sql } = schema;
    const parameters = Array.from({ length: 19 }, (_, i) => `$${i + 2}`).join(", ");
    const write = (from: string, tenant: string) =>
      `SELECT outcome, version, ${atMilliseconds} AS at, response, taken_value
        FROM ${from}${sql}.write_state(${tenant}, ${parameters})`;
    const locked = "CASE WHEN l.held THEN $1 END";
    this.sql = {
      load: `SELECT version, state_version, state FROM ${sql}.states WHERE tenant = $1 AND type = $2 AND id = $3`,
      write: write("", "$1"),
      writeInline: write(`${inlineLock(schema, "shared")} l, `, locked),
      writeAlone: write(`${inlineLock(schema, "alone")} l, `, locked),
    };
  }

  async load(stream: StreamId): Promise<StoredState | undefined> {
    checkStream(stream);
    const statement = { name: "potter_load_state", text: this.sql.load, repeatable: true };
    const [row] = await this.driver.query(statement, bindStream(stream));
    if (row === undefined) return undefined;
    return {
      version: Number(row["version"]),
      stateVersion: Number(row["state_version"]),
      bytes: row["state"] as Uint8Array,
    };
  }

  async write(write: StateWrite): Promise<StateWriteResult> {
    checkStateWrite(write, this.maxEventSize);
    const { inline, events } = write;
    const payloads = events.map(({ definition, data, bytes }) => {
      const payload = bytes ?? definition.codec.encode(data);
      checkEventSize(definition.type, payload, this.maxEventSize);
      return payload;
    });
    const values = toValues(write, payloads);
    const locks = this.rows.newLocks();
    const result = await retryTransient(async () =>
      inline === undefined
        ? toResult(await this.call(this.driver, write, values), write)
        : this.writeInline(write, inline, values, payloads, locks),
    );
    if (result.kind === "appended" && write.outbox && events.length > 0) this.outbox.notify();
    return result;
  }

  private writeInline(
    write: StateWrite,
    inline: ApplyInline,
    values: readonly SqlValue[],
    payloads: readonly Uint8Array[],
    locks: RowLocks,
  ): Promise<StateWriteResult> {
    const work = async (session: SqlSession) => {
      const row = await this.call(session, write, values, locks.alone ? "writeAlone" : "writeInline");
      const result = toResult(row, write);
      if (result.kind !== "appended") return result;
      const rows = await this.rows.begin(session, locks);
      await inline(toRecorded(row, write, payloads), rows);
      await this.rows.write(rows);
      return result;
    };
    return this.driver.transaction(work, { repeatable: isRepeatable(write) }).catch((error: unknown) => {
      throw locks.failed(error);
    });
  }

  private async call(
    session: SqlSession,
    write: StateWrite,
    values: readonly SqlValue[],
    way: "write" | "writeInline" | "writeAlone" = "write",
  ): Promise<SqlRow> {
    const statement = { name: names[way], text: this.sql[way], repeatable: isRepeatable(write) };
    const [row] = await session.query(statement, values);
    return row as SqlRow;
  }
}

const names = {
  write: "potter_write_state",
  writeInline: "potter_write_state_inline",
  writeAlone: "potter_write_state_alone",
};

function toValues(write: StateWrite, payloads: readonly Uint8Array[]): readonly SqlValue[] {
  const {
    stream,
    expectedVersion,
    state,
    events,
    outbox,
    correlationId,
    causationId,
    metadata,
    command,
    uniqueValues,
  } = write;
  const hasValues = uniqueValues !== undefined && uniqueValues.length > 0;
  return [
    ...bindStream(stream),
    expectedVersion,
    state.stateVersion,
    state.bytes,
    events.map(({ id }) => id),
    events.map(({ definition }) => escapeNul(definition.type)),
    events.map(({ definition }) => definition.version),
    payloads,
    outbox,
    escapeNul(correlationId),
    escapeNul(causationId),
    toMetadata(metadata),
    command === undefined ? null : escapeNul(command.id),
    command?.requestHash ?? null,
    command?.response ?? null,
    hasValues ? uniqueValues.map(({ index }) => escapeNul(index)) : null,
    hasValues ? uniqueValues.map(({ value }) => escapeNul(value)) : null,
    hasValues ? uniqueValues.map(({ action }) => action === "reserve") : null,
  ];
}

function toResult(row: SqlRow, { uniqueValues, stream }: StateWrite): StateWriteResult {
  const version = Number(row["version"]);
  switch (row["outcome"]) {
    case "appended":
      return { kind: "appended", version, position: 0 };
    case "conflict":
      return { kind: "conflict", actualVersion: version, stream };
    case "duplicate":
      return { kind: "duplicate", response: row["response"] as Uint8Array, version };
    case "value_taken": {
      const taken = uniqueValues?.[Number(row["taken_value"]) - 1];
      return { kind: "value_taken", index: taken?.index ?? "", value: taken?.value ?? "" };
    }
    default:
      return { kind: "command_mismatch" };
  }
}

function toRecorded(row: SqlRow, write: StateWrite, payloads: readonly Uint8Array[]): readonly RecordedEvent[] {
  const { stream, expectedVersion, events, correlationId, causationId, metadata } = write;
  return events.map(({ id, definition }, i) => ({
    id,
    position: 0,
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
