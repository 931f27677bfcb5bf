import { bucketOf } from "../../store/events/index.js";
import type { AppendedSequence, AppendSequenceRequest, RecordedEvent } from "../../store/ports/index.js";
import {
  retryTransient,
  type Schema,
  SqlArray,
  type SqlDriver,
  type SqlRow,
  type SqlSession,
  type SqlValue,
} from "../driver/index.js";
import { inlineLock, type SqlRowStore } from "../rows/index.js";
import { bindStream, escapeNul, toMetadata } from "../values/index.js";
import { isRepeatable, toPayload } from "./append-values.js";

/** Maximum size of the events of one call, in bytes. Larger sequences are appended one by one. */
const maxBytes = 1024 * 1024;

type Parts = AppendSequenceRequest["parts"];

/** Appends the events of several commands to one stream in one call. */
export class SqlSequenceAppender {
  private readonly driver: SqlDriver;
  private readonly rows: SqlRowStore;
  private readonly maxEventSize: number;
  private readonly sql: Readonly<Record<"append" | "appendInline" | "appendAlone", string>>;

  constructor(driver: SqlDriver, schema: Schema, rows: SqlRowStore, maxEventSize: number) {
    this.driver = driver;
    this.maxEventSize = maxEventSize;
    this.rows = rows;
    const parameters = Array.from({ length: 15 }, (_, i) => `$${i + 2}`).join(", ");
    const append = (from: string, tenant: string) =>
      `SELECT appended, positions, trunc(extract(epoch FROM at) * 1000) AS at
        FROM ${from}${schema.sql}.append_sequence(${tenant}, ${parameters})`;
    const locked = "CASE WHEN l.held THEN $1 END";
    this.sql = {
      append: append("", "$1"),
      appendInline: append(`${inlineLock(schema, "shared")} l, `, locked),
      appendAlone: append(`${inlineLock(schema, "alone")} l, `, locked),
    };
  }

  async append(request: AppendSequenceRequest): Promise<AppendedSequence | undefined> {
    const { parts, inline } = request;
    const payloads = parts.flatMap(({ events }) => events.map((event) => toPayload(event, this.maxEventSize)));
    if (payloads.reduce((sum, { length }) => sum + length, 0) > maxBytes) return undefined;
    const values = bind(request, payloads);
    const repeatable = parts.every(isRepeatable);
    const call = async (session: SqlSession, way: keyof typeof this.sql) => {
      const statement = { name: `potter_sequence_${way}`, text: this.sql[way], repeatable };
      const [row] = await session.query(statement, values);
      return row?.["appended"] === true ? row : undefined;
    };
    const locks = this.rows.newLocks();
    const work = async (session: SqlSession) => {
      const row = await call(session, locks.alone ? "appendAlone" : "appendInline");
      if (row === undefined) return undefined;
      const rows = await this.rows.begin(session, locks);
      await inline?.(toRecorded(row, request, payloads), rows);
      await this.rows.write(rows);
      return row;
    };
    const row = await retryTransient(async () => {
      if (inline === undefined) return call(this.driver, "append");
      return this.driver.transaction(work, { repeatable }).catch((error: unknown) => {
        throw locks.failed(error);
      });
    });
    return row && toAppended(row, request);
  }
}

function bind({ stream, expectedVersion, parts }: AppendSequenceRequest, payloads: readonly Uint8Array[]): SqlValue[] {
  const commands = toCommands(expectedVersion, parts);
  const events = parts.flatMap((part) => part.events.map((event) => ({ ...event, part })));
  const column = (type: "text" | "int4" | "uuid", read: (event: (typeof events)[number]) => string | number) =>
    new SqlArray(type, events.map(read));
  return [
    ...bindStream(stream),
    bucketOf(stream),
    expectedVersion,
    ...(commands ?? [null, null, null, null]),
    column("uuid", ({ id }) => id),
    column("text", ({ definition }) => escapeNul(definition.type)),
    column("int4", ({ definition }) => definition.version),
    new SqlArray("bytea", payloads),
    column("text", ({ part }) => escapeNul(part.correlationId)),
    column("text", ({ part }) => escapeNul(part.causationId)),
    column("text", ({ part }) => toMetadata(part.metadata)),
  ];
}

/** undefined: none of the parts has one. */
function toCommands(expectedVersion: number, parts: Parts): SqlValue[] | undefined {
  let version = expectedVersion;
  const found = parts.flatMap(({ command, events }) => {
    version += events.length;
    return command === undefined ? [] : [{ ...command, version }];
  });
  if (found.length === 0) return undefined;
  return [
    new SqlArray(
      "text",
      found.map(({ id }) => escapeNul(id)),
    ),
    new SqlArray(
      "text",
      found.map(({ requestHash }) => requestHash),
    ),
    new SqlArray(
      "bytea",
      found.map(({ response }) => response),
    ),
    new SqlArray(
      "int8",
      found.map((command) => command.version),
    ),
  ];
}

function toAppended(row: SqlRow, { expectedVersion, parts }: AppendSequenceRequest): AppendedSequence {
  const all = (row["positions"] as readonly number[] | null) ?? [];
  let next = 0;
  const positions = parts.map(({ events }) => {
    next += events.length;
    return events.length === 0 ? 0 : Number(all[next - 1]);
  });
  return { version: expectedVersion + next, positions };
}

/** The events as stored, without reading them back. */
function toRecorded(
  row: SqlRow,
  { stream, expectedVersion, parts }: AppendSequenceRequest,
  payloads: readonly Uint8Array[],
): readonly RecordedEvent[] {
  const positions = row["positions"] as readonly number[];
  const at = Number(row["at"]);
  let next = 0;
  return parts.flatMap(({ events, correlationId, causationId, metadata }) =>
    events.map(({ id, definition }) => {
      const i = next++;
      return {
        id,
        position: Number(positions[i]),
        stream,
        version: expectedVersion + i + 1,
        type: definition.type,
        schemaVersion: definition.version,
        at,
        correlationId,
        causationId,
        metadata,
        bytes: payloads[i] as Uint8Array,
      };
    }),
  );
}
