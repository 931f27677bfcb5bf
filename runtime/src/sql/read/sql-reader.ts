import type {
  EventFilter,
  EventSlice,
  LoadedStream,
  RecordedEvent,
  StreamId,
  StreamInfo,
  StreamQuery,
  StreamRange,
} from "../../store/ports/index.js";
import { type Schema, SqlArray, type SqlDriver, type SqlRow, type SqlValue } from "../driver/index.js";
import { bindStream, escapeNul, eventColumns, toRecordedEvent, unescapeNul } from "../values/index.js";
import { HighWaterMark } from "./high-water-mark.js";
import { ReplicaReader } from "./replica-reader.js";
import { StreamList } from "./stream-list.js";
import { type LoadFrom, StreamLoader } from "./stream-loader.js";

/** Number of positions that one filtered read scans: a filter may match nothing of a long log. */
const widest = 100_000;

/** Estimated maximum size of the events of one slice, in bytes: a reader holds all of them in memory. */
const largest = 32 * 1024 * 1024;

const ofStream = "tenant = $1 AND stream_type = $2 AND stream_id = $3";

/** Reads events of streams and of the log. */
export class SqlReader {
  private readonly driver: SqlDriver;
  private readonly schema: Schema;
  private readonly highWaterMark: HighWaterMark;
  private readonly replica: ReplicaReader;
  /** Average size of an event of the last slice, in bytes. */
  private averageSize = 0;
  private readonly streams: StreamLoader;
  private readonly list: StreamList;

  constructor(driver: SqlDriver, schema: Schema) {
    this.driver = driver;
    this.schema = schema;
    this.highWaterMark = new HighWaterMark(driver, schema);
    this.replica = new ReplicaReader(driver);
    this.streams = new StreamLoader(driver, schema);
    this.list = new StreamList(driver, schema);
  }

  load(stream: StreamId, from?: LoadFrom): Promise<LoadedStream> {
    return this.streams.load(stream, from);
  }

  async readStream(stream: StreamId, range: StreamRange = {}): Promise<readonly RecordedEvent[]> {
    const { after = 0, before, limit, backwards = false } = range;
    const values: SqlValue[] = [...bindStream(stream), after];
    const bind = (value: SqlValue) => `$${values.push(value)}`;
    const end = before === undefined ? "" : ` AND version < ${bind(before)}::bigint`;
    const most = limit === undefined ? "" : ` LIMIT ${bind(limit)}::bigint`;
    const order = ` ORDER BY version${backwards ? " DESC" : ""}${most}`;
    const name = `potter_read_stream${before === undefined ? "" : "_b"}${limit === undefined ? "" : "_l"}${backwards ? "_d" : ""}`;
    const where = `WHERE ${ofStream} AND version > $4 AND pos > 0${end}`;
    const text = this.selectAll(where, order);
    return (await this.driver.query({ name, text, repeatable: true }, values)).map(toRecordedEvent);
  }

  async readAll(after: number, limit: number, filter: EventFilter = {}): Promise<EventSlice> {
    for (;;) {
      const { losses } = this.driver;
      const slice = await this.readSettled(after, limit, filter);
      // The mark of one server is invalid for another that may have returned the events.
      if (this.driver.losses === losses) return slice;
    }
  }

  readHead(): Promise<number> {
    return this.highWaterMark.advance();
  }

  /** Moves the mark over events of this process that follow it. `losses`: the number of lost connections before their append. */
  appended(events: readonly RecordedEvent[], losses: number | undefined): void {
    const mark = this.highWaterMark;
    mark.passCommitted(
      events.map(({ position }) => position),
      losses,
    );
  }

  async listStreams({ tenant, type, after, limit }: StreamQuery): Promise<readonly StreamInfo[]> {
    const values: SqlValue[] = [limit];
    const bind = (value: SqlValue) => `$${values.push(value)}`;
    const conditions = [
      ...(tenant === undefined ? [] : [`tenant = ${bind(escapeNul(tenant))}`]),
      ...(type === undefined ? [] : [`type = ${bind(escapeNul(type))}`]),
      ...(after === undefined ? [] : [`(tenant, type, id) > (${bindStream(after).map(bind).join(", ")})`]),
    ];
    await this.list.update(await this.highWaterMark.advance());
    const { sql } = this.schema;
    const where = conditions.length === 0 ? "" : ` WHERE ${conditions.join(" AND ")}`;
    const order = "ORDER BY tenant, type, id LIMIT $1";
    // What the list does not have yet is in the events after its position.
    const text = `SELECT tenant, type, id, max(version) AS version, bool_or(closed) AS closed, max(archived_version) AS archived FROM (
        (SELECT tenant, type, id, version, closed, archived_version FROM ${sql}.streams${where} ${order})
        UNION ALL SELECT * FROM (SELECT tenant, stream_type AS type, stream_id AS id, version, false, 0 FROM ${sql}.events
          WHERE pos > (SELECT listed FROM ${sql}.high_water_mark)) e${where}
      ) s GROUP BY tenant, type, id ${order}`;
    return (await this.driver.query({ text, repeatable: true }, values)).map(toStreamInfo);
  }

  private async readSettled(after: number, wanted: number, filter: EventFilter): Promise<EventSlice> {
    const limit = Math.max(1, Math.min(wanted, Math.floor(largest / this.averageSize)));
    const mark = this.highWaterMark;
    const bound: SqlValue[] = [];
    const { name, conditions } = buildFilter(filter, bound);
    if (conditions === "" && mark.isPassable && after <= mark.last && after + limit > mark.last) {
      const slice = await this.readNew(after, limit);
      if (slice !== undefined) return slice;
    }
    // Far below the mark, no scan is needed.
    const head = after + limit <= mark.last ? mark.last : await mark.advance();
    if (after >= head) return { events: [], position: after, ...(mark.isBlocked && { complete: false }) };
    const text = this.selectAll(`WHERE pos > $1 AND pos <= $2${conditions}`, " ORDER BY pos LIMIT $3");
    const statement = { name: `potter_read_all${name}`, text, repeatable: true };
    const end = conditions === "" ? head : Math.min(head, after + widest);
    const values = (upTo: number) => [after, Math.min(upTo, end), limit, ...bound];
    const past = await this.replica.read({ least: after + limit, head }, statement, values);
    const { rows, upTo } = past ?? { rows: await this.driver.query(statement, values(end)), upTo: end };
    const events = rows.map(toRecordedEvent);
    this.averageSize = averageSizeOf(events);
    const last = events.length < limit ? undefined : events.at(-1);
    return { events, position: last?.position ?? Math.min(upTo, end) };
  }

  /**
   * Reads the events around the mark and moves it, in one statement: all events are read, so a gap shows. undefined: there is one
   * directly after the position.
   */
  private async readNew(after: number, limit: number): Promise<EventSlice | undefined> {
    const { losses } = this.driver;
    const from = this.highWaterMark.last;
    const text = this.selectAll("WHERE pos > $1", " ORDER BY pos LIMIT $2");
    const rows = await this.driver.query({ name: "potter_read_new", text, repeatable: true }, [after, limit]);
    const events = rows.map(toRecordedEvent);
    const positions = events.map(({ position }) => position);
    const head = this.highWaterMark.pass(from, positions, losses);
    const settled = events.filter(({ position }) => position <= head);
    if (settled.length === 0 && events.length > 0) return undefined;
    if (settled.length > 0) this.averageSize = averageSizeOf(settled);
    const isFull = events.length === limit;
    if (settled.length === events.length && !isFull) return { events, position: head, complete: true };
    return { events: settled, position: settled.at(-1)?.position ?? after, ...(!isFull && { complete: false }) };
  }

  /** Selects from events and archive. `order` sorts and limits each part and the result. */
  private selectAll(where: string, order: string): string {
    const { sql } = this.schema;
    const select = (table: string) => `(SELECT ${eventColumns} FROM ${sql}.${table} ${where}${order})`;
    return `${select("events")} UNION ALL ${select("events_archive")}${order}`;
  }
}

function averageSizeOf(events: readonly RecordedEvent[]): number {
  let size = 0;
  for (const { bytes } of events) size += bytes?.length ?? 0;
  return events.length === 0 ? 0 : size / events.length;
}

/**
 * Appends the values of a filter. Returns its conditions, numbered from `$4`, and a suffix for the name of the
 * statement.
 */
function buildFilter(
  { types, streamTypes, tenant, buckets }: EventFilter,
  values: SqlValue[],
): { readonly name: string; readonly conditions: string } {
  const parts: (readonly [string, string])[] = [];
  const bind = (value: SqlValue) => `$${3 + values.push(value)}`;
  if (types !== undefined)
    parts.push(["t", `type = ANY (${bind(new SqlArray("text", types.map(escapeNul)))}::text[])`]);
  if (streamTypes !== undefined) {
    parts.push(["s", `stream_type = ANY (${bind(new SqlArray("text", streamTypes.map(escapeNul)))}::text[])`]);
  }
  if (tenant !== undefined) parts.push(["n", `tenant = ${bind(escapeNul(tenant))}`]);
  if (buckets !== undefined) parts.push(["b", `bucket BETWEEN ${bind(buckets.from)} AND ${bind(buckets.to)}`]);
  const name = parts.map(([letter]) => letter).join("");
  return { name: name && `_${name}`, conditions: parts.map(([, condition]) => ` AND ${condition}`).join("") };
}

function toStreamInfo(row: SqlRow): StreamInfo {
  return {
    stream: {
      tenant: unescapeNul(row["tenant"] as string),
      type: unescapeNul(row["type"] as string),
      id: unescapeNul(row["id"] as string),
    },
    version: Number(row["version"]),
    closed: row["closed"] === true,
    archivedVersion: Number(row["archived"]),
  };
}
