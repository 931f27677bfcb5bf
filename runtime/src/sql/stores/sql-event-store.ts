import { PotterError } from "../../errors/index.js";
import {
  checkAppend,
  checkAppendSequence,
  checkAppendToStreams,
  checkClose,
  checkCommand,
  checkCommandId,
  checkImported,
  checkInteger,
  checkLoad,
  checkRange,
  checkReservation,
  checkRowAppend,
  checkSlice,
  checkSnapshot,
  checkStream,
  checkStreamQuery,
  checkSubject,
} from "../../store/checks/index.js";
import type {
  AppendedSequence,
  AppendRequest,
  AppendResult,
  AppendSequenceRequest,
  AppendToStreamsRequest,
  AppendToStreamsResult,
  CommandRecord,
  CommandReservation,
  EventFilter,
  EventSlice,
  EventStore,
  LastEvent,
  LoadedStream,
  NewSubjectKey,
  OpenAppend,
  RecordedCommand,
  RecordedEvent,
  ReservationResult,
  Snapshot,
  StreamId,
  StreamInfo,
  StreamQuery,
  StreamRange,
} from "../../store/ports/index.js";
import { AppendSignal } from "../../store/subscriptions/index.js";
import { type EarlyAppend, SqlAppender, SqlCommands, SqlSequenceAppender, toSqlAppend } from "../append/index.js";
import type { Schema, SqlDriver } from "../driver/index.js";
import { StreamMaintenance } from "../maintenance/index.js";
import { readOpenAppends, SqlReader } from "../read/index.js";
import type { RowAppends, SqlRowStore } from "../rows/index.js";
import { bindStream } from "../values/index.js";

/** Limit of several appends of a transaction over rows, in bytes: they are one statement, which the server holds in memory. */
const maxUnitSize = 4 * 1024 * 1024;

/** Events in PostgreSQL, independent of the driver. */
export class SqlEventStore implements EventStore {
  private readonly driver: SqlDriver;
  private readonly schema: Schema;
  private readonly maxEventSize: number;
  private readonly appender: SqlAppender;
  private readonly sequences: SqlSequenceAppender;
  private readonly reader: SqlReader;
  private readonly commands: SqlCommands;
  private readonly maintenance: StreamMaintenance;
  private readonly signal = new AppendSignal();
  private readonly sql: Readonly<Record<"saveSnapshot" | "last", string>>;

  constructor(driver: SqlDriver, schema: Schema, rows: SqlRowStore, maxEventSize: number) {
    const last = (table: string) =>
      `(SELECT pos, at FROM ${schema.sql}.${table} WHERE pos > 0 ORDER BY pos DESC LIMIT 1)`;
    this.driver = driver;
    this.schema = schema;
    this.maxEventSize = maxEventSize;
    const { signal } = this;
    this.appender = new SqlAppender(driver, schema, rows, maxEventSize, {
      get isListening() {
        return signal.hasListeners;
      },
      appended: (events, losses) => this.appended(events, losses),
    });
    rows.appends = this.rowAppends();
    this.sequences = new SqlSequenceAppender(driver, schema, rows, maxEventSize);
    this.reader = new SqlReader(driver, schema);
    this.commands = new SqlCommands(driver, schema);
    this.maintenance = new StreamMaintenance(driver, schema);
    this.sql = {
      last: `SELECT pos, greatest(0, extract(epoch FROM clock_timestamp() - at) * 1000) AS age
        FROM (${last("events")} UNION ALL ${last("events_archive")}) e ORDER BY pos DESC LIMIT 1`,
      saveSnapshot: `INSERT INTO ${schema.sql}.snapshots AS s (tenant, stream_type, stream_id, state_version, version, state)
        VALUES ($1, $2, $3, $4, $5, $6)
        ON CONFLICT (tenant, stream_type, stream_id, state_version) DO UPDATE
        SET version = excluded.version, state = excluded.state, at = excluded.at WHERE s.version <= excluded.version`,
    };
  }

  async append(request: AppendRequest): Promise<AppendResult> {
    checkAppend(request, this.maxEventSize);
    const result = await this.appender.append(request);
    if (result.kind === "appended" && request.events.length > 0) this.signal.notify(result.position);
    return result;
  }

  async appendWithKeys(request: AppendRequest, keys: readonly NewSubjectKey[]): Promise<AppendResult | undefined> {
    checkAppend(request, this.maxEventSize);
    for (const key of keys) checkSubject(key);
    const result = await this.appender.appendWithKeys(toSqlAppend(request, request, this.maxEventSize), keys);
    if (result?.kind === "appended") this.signal.notify(result.position);
    return result;
  }

  /** Appends of transactions over rows. */
  private rowAppends(): RowAppends<EarlyAppend> {
    const { inline } = this.appender;
    return {
      prepare: async (request, rows, before) => {
        checkRowAppend(request, this.maxEventSize);
        const append = toSqlAppend(request, request, this.maxEventSize);
        const size = before.reduce((sum, one) => sum + one.append.size, append.size);
        if (before.length > 0 && size > maxUnitSize) {
          throw new PotterError("resource_exhausted", "the appends of the transaction are too large together");
        }
        return inline.prepare(append, request.inline, rows);
      },
      commit: async (commit) => {
        const position = await inline.commit(commit);
        if (position !== undefined && position > 0) this.signal.notify(position);
        return position !== undefined;
      },
    };
  }

  async appendToStreams(request: AppendToStreamsRequest): Promise<AppendToStreamsResult> {
    checkAppendToStreams(request, this.maxEventSize);
    const result = await this.appender.appendToStreams(request);
    if (result.kind === "appended" && result.position > 0) this.signal.notify(result.position);
    return result;
  }

  async appendSequence(request: AppendSequenceRequest): Promise<AppendedSequence | undefined> {
    checkAppendSequence(request, this.maxEventSize);
    const result = await this.sequences.append(request);
    const last = Math.max(0, ...(result?.positions ?? []));
    if (last > 0) this.signal.notify(last);
    return result;
  }

  async loadStream(
    stream: StreamId,
    from?: { readonly stateVersion?: number; readonly after?: number },
  ): Promise<LoadedStream> {
    checkLoad(stream, from);
    return this.reader.load(stream, from);
  }

  async readStream(stream: StreamId, range?: StreamRange): Promise<readonly RecordedEvent[]> {
    checkRange(stream, range);
    return this.reader.readStream(stream, range);
  }

  async readAll(after: number, limit: number, filter?: EventFilter): Promise<EventSlice> {
    checkSlice(after, limit, filter);
    return this.reader.readAll(after, limit, filter);
  }

  head(): Promise<number> {
    return this.reader.readHead();
  }

  async last(): Promise<LastEvent | undefined> {
    const [row] = await this.driver.query({ name: "potter_last_event", text: this.sql.last, repeatable: true }, []);
    return row && { position: Number(row["pos"]), age: Number(row["age"]) };
  }

  openAppends(): Promise<readonly OpenAppend[]> {
    return readOpenAppends(this.driver, this.schema);
  }

  async listStreams(query: StreamQuery): Promise<readonly StreamInfo[]> {
    checkStreamQuery(query);
    return this.reader.listStreams(query);
  }

  async closeStream(stream: StreamId, expectedVersion: number): Promise<AppendResult> {
    checkClose(stream, expectedVersion);
    return this.maintenance.close(stream, expectedVersion);
  }

  async releaseUniqueValues(tenant: string, subject: string): Promise<number> {
    checkSubject({ tenant, subject });
    return this.maintenance.releaseUniqueValues(tenant, subject);
  }

  async archiveEvents(stream: StreamId, upTo: number): Promise<number> {
    checkStream(stream);
    checkInteger("the version to archive up to", upTo);
    return this.maintenance.archive(stream, upTo);
  }

  async importEvents(events: readonly RecordedEvent[]): Promise<number> {
    for (const event of events) checkImported(event, this.maxEventSize);
    const count = await this.maintenance.import(events);
    if (count > 0) this.signal.notify();
    return count;
  }

  async findCommand(tenant: string, id: string): Promise<RecordedCommand | undefined> {
    checkCommandId(tenant, id);
    return this.commands.find(tenant, id);
  }

  async reserveCommand(tenant: string, reservation: CommandReservation): Promise<ReservationResult> {
    checkReservation(tenant, reservation);
    return this.commands.reserve(tenant, reservation);
  }

  async releaseCommand(tenant: string, id: string, holder: string): Promise<void> {
    checkCommandId(tenant, id, holder);
    return this.commands.release(tenant, id, holder);
  }

  async recordCommand(tenant: string, command: CommandRecord, holder?: string): Promise<boolean> {
    checkCommand(tenant, command, holder);
    return this.commands.record(tenant, command, holder);
  }

  async saveSnapshot(stream: StreamId, snapshot: Snapshot): Promise<void> {
    checkSnapshot(stream, snapshot);
    const { version, stateVersion, state } = snapshot;
    const statement = { name: "potter_save_snapshot", text: this.sql.saveSnapshot, repeatable: true };
    await this.driver.query(statement, [...bindStream(stream), stateVersion, version, state]);
  }

  onAppend(listener: (position?: number, events?: readonly RecordedEvent[]) => void): () => void {
    return this.signal.listen(listener);
  }

  /** Readers of the log receive the events from here, and need not read them. */
  private appended(events: readonly RecordedEvent[], losses: number | undefined): void {
    const last = events.at(-1);
    if (last === undefined) return;
    this.reader.appended(events, losses);
    this.signal.notify(last.position, events);
  }
}
