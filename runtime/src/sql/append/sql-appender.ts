import { isPotterError } from "../../errors/index.js";
import { streamMapKey } from "../../store/events/index.js";
import type {
  AppendContext,
  AppendRequest,
  AppendResult,
  AppendToStreamsRequest,
  AppendToStreamsResult,
  NewSubjectKey,
} from "../../store/ports/index.js";
import {
  isRefusedData,
  isTransient,
  retryTransient,
  type Schema,
  type SqlDriver,
  type SqlRow,
  type SqlSession,
  type SqlStatement,
  type SqlValue,
} from "../driver/index.js";
import { inlineLock, type RowLocks, type SqlRowStore } from "../rows/index.js";
import {
  busyStream,
  isAgain,
  type Outcome,
  readAll,
  readGroup,
  readOne,
  readRefusal,
  toRecorded,
} from "./append-outcome.js";
import { type AppendStatements, appendStatements } from "./append-statements.js";
import {
  bindAll,
  bindGroup,
  bindOne,
  bindStatement,
  commandKey,
  findShortWay,
  type GroupMode,
  isRepeatable,
  isSingle,
  type SqlAppend,
  toSqlAppend,
} from "./append-values.js";
import { GroupCommit, type Settled } from "./group-commit.js";
import { SqlInlineAppender } from "./sql-inline-appender.js";
import { SqlKeyedAppender } from "./sql-keyed-appender.js";
import { StoreClock } from "./store-clock.js";

/** Appends events; groups concurrent appends into one call. */
export class SqlAppender {
  private readonly driver: SqlDriver;
  private readonly rows: SqlRowStore;
  private readonly maxEventSize: number;
  private readonly sql: AppendStatements & Readonly<Record<"one" | "group" | "groupInline" | "groupAlone", string>>;
  private readonly group: GroupCommit<SqlAppend, Outcome>;
  private readonly clock = new StoreClock();
  private readonly inline: SqlInlineAppender;
  private readonly keyed: SqlKeyedAppender;

  constructor(driver: SqlDriver, schema: Schema, rows: SqlRowStore, maxEventSize: number) {
    this.driver = driver;
    this.maxEventSize = maxEventSize;
    this.rows = rows;
    const group = (from: string, wait: string) => `SELECT outcomes, versions, positions,
      trunc(extract(epoch FROM at) * 1000) AS at, responses
      FROM ${from}${schema.sql}.append_group(${wait}, ${placeholders(24, 2)})`;
    const locked = "$1 AND l.held";
    this.sql = {
      ...appendStatements(schema),
      one: `SELECT outcome, version, pos, response FROM ${schema.sql}.append_one(${placeholders(15)})`,
      group: group("", "$1"),
      groupInline: group(`${inlineLock(schema, "shared")} l, `, locked),
      groupAlone: group(`${inlineLock(schema, "alone")} l, `, locked),
    };
    this.keyed = new SqlKeyedAppender(driver, schema);
    this.inline = new SqlInlineAppender(driver, schema, rows, this.clock);
    this.group = new GroupCommit((appends) => this.send(appends), keysOf, {
      sizeOf: ({ size }) => size,
      patience: driver.patience,
    });
  }

  async append(request: AppendRequest): Promise<AppendResult> {
    if (request.inline !== undefined && request.events.length > 0) {
      const append = toSqlAppend(request, request, this.maxEventSize);
      const result = await this.inline.append(append, request.inline);
      if (result !== undefined) return result;
    }
    if (request.inline !== undefined || request.uniqueValues !== undefined) {
      const result = await this.appendToStreams({ ...request, appends: [request] });
      return result.kind === "appended"
        ? { kind: "appended", version: result.versions[0] ?? 0, position: result.position }
        : result;
    }
    const append = toSqlAppend(request, request, this.maxEventSize);
    const outcome = await this.group.run(append);
    return isAgain(outcome) ? this.appendAlone(append) : outcome;
  }

  /**
   * Appends to a new stream, and creates keys of data subjects, without a transaction. undefined: nothing was appended,
   * since that is not possible or one of the keys exists.
   */
  async appendWithKeys(append: SqlAppend, keys: readonly NewSubjectKey[]): Promise<AppendResult | undefined> {
    const { inline } = append.context;
    const { events, uniqueValues } = append.append;
    if (inline === undefined || events.length === 0) return this.keyed.append(append, keys);
    return uniqueValues === undefined ? this.inline.append(append, inline, keys) : undefined;
  }

  async appendToStreams({ appends, ...context }: AppendToStreamsRequest): Promise<AppendToStreamsResult> {
    const sqlAppends = appends.map((append) => toSqlAppend(append, context, this.maxEventSize));
    const locks = this.rows.newLocks();
    return retryTransient(async () => {
      try {
        return toTogether(await this.callTogether(sqlAppends, context, locks));
      } catch (error) {
        const refusal = readRefusal(error, sqlAppends);
        if (refusal === undefined) throw locks.failed(error);
        if (isAgain(refusal)) throw busyStream();
        return refusal;
      }
    });
  }

  private callTogether(appends: readonly SqlAppend[], context: AppendContext, locks: RowLocks): Promise<SqlRow> {
    const { inline } = context;
    const mode = { wait: true, together: true };
    if (inline === undefined) return this.callGroup(this.driver, appends, mode);
    const work = async (session: SqlSession) => {
      const row = await this.callGroup(session, appends, mode, locks.alone ? "groupAlone" : "groupInline");
      this.clock.set(Number(row["at"]));
      if (row["positions"] === null) return row;
      const rows = await this.rows.begin(session, locks);
      await inline(toRecorded(row, appends), rows);
      await this.rows.write(rows);
      return row;
    };
    return this.driver.transaction(work, { repeatable: isRepeatable(context) });
  }

  /** Sends all in one call. An error of one append must not fail the others. */
  private async send(appends: readonly SqlAppend[]): Promise<readonly Settled<Outcome>[]> {
    const [first] = appends as readonly [SqlAppend];
    if (appends.length === 1) return [await settle(() => this.appendOne(first))];
    try {
      const done = await this.tryAll(appends);
      if (done !== undefined) return done;
      const row = await retryTransient(() => this.callGroup(this.driver, appends, { wait: false, together: false }));
      return readGroup(row, appends).map((result) => ({ result }));
    } catch (error) {
      // The outcome of a call is unknown if the connection broke; after any other failure it had no effect.
      const isKnown = !(isPotterError(error) && error.code === "unavailable");
      const again = (append: SqlAppend): Promise<Settled<Outcome>> | Settled<Outcome> =>
        isKnown || isRepeatable(append.context) ? settle(() => this.appendOne(append)) : { error };
      return Promise.all(appends.map(again));
    }
  }

  private appendOne(append: SqlAppend): Promise<Outcome> {
    if (!isSingle(append)) return this.appendAlone(append);
    return retryTransient(async () => (await this.tryStatement(append)) ?? readOne(await this.callOne(append), append));
  }

  /** The fastest way for several appends without a conflict. undefined: nothing was written, there is a conflict. */
  private async tryAll(appends: readonly SqlAppend[]): Promise<readonly Settled<Outcome>[] | undefined> {
    const way = findShortWay(appends);
    if (way === undefined) return undefined;
    try {
      const row = await call(this.driver, { name: `potter_append_${way}`, text: this.sql[way] }, bindAll(appends));
      return readAll(row, appends)?.map((result) => ({ result }));
    } catch (error) {
      if (isTransient(error) || isRefusedData(error)) return undefined;
      throw error;
    }
  }

  /** The fastest way for one append without a conflict. undefined: nothing was written, there is a conflict. */
  private async tryStatement(append: SqlAppend): Promise<AppendResult | undefined> {
    if (append.context.command !== undefined) return undefined;
    const { expectedVersion } = append.append;
    const statement =
      expectedVersion === 0
        ? { name: "potter_append_begin", text: this.sql.begin }
        : { name: "potter_append_next", text: this.sql.next };
    const [row] = await this.driver.query(statement, bindStatement(append));
    return row && { kind: "appended", version: expectedVersion + 1, position: Number(row["pos"]) };
  }

  /** Appends alone, and waits for the lock of the stream. */
  private async appendAlone(append: SqlAppend): Promise<AppendResult> {
    return retryTransient(async () => {
      const row = await this.callGroup(this.driver, [append], { wait: true, together: false });
      const [outcome] = readGroup(row, [append]) as readonly [Outcome];
      if (isAgain(outcome)) throw busyStream();
      return outcome;
    });
  }

  private callOne(append: SqlAppend): Promise<SqlRow> {
    const statement = { name: "potter_append_one", text: this.sql.one, repeatable: isRepeatable(append.context) };
    return call(this.driver, statement, bindOne(append));
  }

  private callGroup(
    session: SqlSession,
    appends: readonly SqlAppend[],
    mode: GroupMode,
    way: "group" | "groupInline" | "groupAlone" = "group",
  ): Promise<SqlRow> {
    const repeatable = appends.every(({ context }) => isRepeatable(context));
    const statement = { name: `potter_append_${way}`, text: this.sql[way], repeatable };
    return call(session, statement, bindGroup(appends, mode));
  }
}

/** Appends of one call must differ in their stream and in their command. */
function keysOf({ append, context }: SqlAppend): readonly string[] {
  const stream = streamMapKey(append.stream);
  return context.command === undefined ? [stream] : [stream, commandKey(append.stream.tenant, context.command.id)];
}

function toTogether(row: SqlRow): AppendToStreamsResult {
  const positions = (row["positions"] as readonly number[] | null) ?? [];
  const versions = row["versions"] as readonly number[];
  return { kind: "appended", versions, position: Number(positions.at(-1) ?? 0) };
}

async function call(session: SqlSession, statement: SqlStatement, values: readonly SqlValue[]): Promise<SqlRow> {
  const [row] = await session.query(statement, values);
  return row as SqlRow;
}

async function settle<T>(work: () => Promise<T>): Promise<Settled<T>> {
  try {
    return { result: await work() };
  } catch (error) {
    return { error };
  }
}

function placeholders(count: number, first = 1): string {
  return Array.from({ length: count }, (_, i) => `$${first + i}`).join(", ");
}
