import { isPotterError } from "../../errors/index.js";
import type {
  AppendContext,
  AppendRequest,
  AppendResult,
  AppendToStreamsRequest,
  AppendToStreamsResult,
  NewSubjectKey,
} from "../../store/ports/index.js";
import {
  busyStream,
  isLockTimeout,
  isRefusedData,
  retryTransient,
  type Schema,
  type SqlDriver,
  type SqlRow,
  type SqlSession,
  type SqlStatement,
  type SqlValue,
} from "../driver/index.js";
import { GroupCommit, type Settled, settle } from "../groups/index.js";
import { groupPatience } from "../migrations/index.js";
import { inlineLock, type RowLocks, type SqlRowStore } from "../rows/index.js";
import type { AppendListener } from "./append-listener.js";
import {
  isAgain,
  type Outcome,
  readGroup,
  readMany,
  readOne,
  readRefusal,
  readSingles,
  toRecorded,
  toRecordedSingles,
  toTogether,
} from "./append-outcome.js";
import { type AppendStatements, appendStatements } from "./append-statements.js";
import {
  bindGroup,
  bindMany,
  bindOne,
  bindSingles,
  bindStatement,
  findStatement,
  type GroupMode,
  isRepeatable,
  isSingle,
  keysOf,
  type SqlAppend,
  toSqlAppend,
} from "./append-values.js";
import { SqlInlineAppender } from "./sql-inline-appender.js";
import { SqlKeyedAppender } from "./sql-keyed-appender.js";
import { StoreClock } from "./store-clock.js";
import { inStreamOrder } from "./stream-order.js";

/** Appends events; groups concurrent appends into one call. */
export class SqlAppender {
  private readonly driver: SqlDriver;
  private readonly rows: SqlRowStore;
  private readonly maxEventSize: number;
  private readonly sql: AppendStatements &
    Readonly<Record<"byFunction" | "group" | "groupInline" | "groupAlone", string>>;
  private readonly group: GroupCommit<SqlAppend, Outcome>;
  private readonly clock = new StoreClock();
  /** Appends together with rows. */
  readonly inline: SqlInlineAppender;
  private readonly keyed: SqlKeyedAppender;
  private readonly listener: AppendListener;

  constructor(driver: SqlDriver, schema: Schema, rows: SqlRowStore, maxEventSize: number, listener: AppendListener) {
    this.listener = listener;
    this.driver = driver;
    this.maxEventSize = maxEventSize;
    this.rows = rows;
    const group = (from: string, wait: string) => `SELECT outcomes, versions, positions,
      trunc(extract(epoch FROM at) * 1000) AS at, responses
      FROM ${from}${schema.sql}.append_group(${wait}, ${placeholders(24, 2)})`;
    const locked = "$1 AND l.held";
    this.sql = {
      ...appendStatements(schema),
      byFunction: `SELECT outcome, version, pos, response
        FROM (SELECT set_config('lock_timeout', '${groupPatience}', true) IS NOT NULL AS held OFFSET 0) l,
        ${schema.sql}.append_one(CASE WHEN l.held THEN $1 END, ${placeholders(14, 2)})`,
      group: group("", "$1"),
      groupInline: group(`${inlineLock(schema, "shared")} l, `, locked),
      groupAlone: group(`${inlineLock(schema, "alone")} l, `, locked),
    };
    this.keyed = new SqlKeyedAppender(driver, schema);
    this.inline = new SqlInlineAppender(driver, schema, rows, this.clock);
    const { patience, blocks: gather } = driver;
    const sizeOf = ({ size }: SqlAppend) => size;
    this.group = new GroupCommit((appends) => this.send(appends), keysOf, { sizeOf, patience, gather });
  }

  async append(request: AppendRequest): Promise<AppendResult> {
    if (request.inline !== undefined) {
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
    return inStreamOrder(appends, (ordered) => this.sendAll(ordered));
  }

  private async sendAll(appends: readonly SqlAppend[]): Promise<readonly Settled<Outcome>[]> {
    try {
      const done = await this.tryAll(appends).catch((error: unknown) => {
        // Another transaction has appended to one of the streams meanwhile; the function does without it.
        if (isRefusedData(error)) return appends.map(() => undefined);
        throw error;
      });
      const left = appends.filter((_, i) => done[i] === undefined);
      const rest = left.length === 0 ? [] : await this.explain(left);
      let next = 0;
      return done.map((result) => (result === undefined ? (rest[next++] as Settled<Outcome>) : { result }));
    } catch (error) {
      return this.sendAlone(appends, error);
    }
  }

  /** Appends what the statements could not, or finds the reasons. */
  private async explain(appends: readonly SqlAppend[]): Promise<readonly Settled<Outcome>[]> {
    try {
      const row = await this.callGroup(this.driver, appends, { wait: false, together: false });
      return readGroup(row, appends).map((result) => ({ result }));
    } catch (error) {
      return this.sendAlone(appends, error);
    }
  }

  /** The outcome of a call is unknown if the connection broke; after any other failure it had no effect. */
  private async sendAlone(appends: readonly SqlAppend[], error: unknown): Promise<readonly Settled<Outcome>[]> {
    // One of them has waited for a slow transaction. They are sent outside of the group, whose next call does not wait for them.
    if (isLockTimeout(error)) return appends.map(() => ({ result: { kind: "busy" } }));
    const isKnown = !(isPotterError(error) && error.code === "unavailable");
    const again = (append: SqlAppend): Promise<Settled<Outcome>> | Settled<Outcome> =>
      isKnown || isRepeatable(append.context) ? settle(() => this.appendOne(append)) : { error };
    return Promise.all(appends.map(again));
  }

  private async appendOne(append: SqlAppend): Promise<Outcome> {
    if (!isSingle(append)) return this.appendSeveral(append, false);
    try {
      return await retryTransient(
        async () => (await this.tryOne(append)) ?? readOne(await this.callOne(append), append),
      );
    } catch (error) {
      if (isLockTimeout(error)) return { kind: "busy" };
      throw error;
    }
  }

  /** The fastest way for several appends. undefined: this was not appended. */
  private async tryAll(appends: readonly SqlAppend[]): Promise<readonly (AppendResult | undefined)[]> {
    const way = this.driver.prepares ? findStatement(appends) : undefined;
    if (way === undefined) return appends.map(() => undefined);
    const repeatable = appends.every(({ context }) => isRepeatable(context));
    const statement = { name: `potter_append_${way}`, text: this.sql[way], repeatable };
    const areSingles = way === "singles" || way === "singlesWithCommands";
    const values = areSingles ? bindSingles(appends) : bindMany(appends);
    const { losses } = this.driver;
    const row = await call(this.driver, statement, values);
    if (!areSingles) return readMany(row, appends);
    if (this.listener.isListening) this.listener.appended(toRecordedSingles(row, appends), losses);
    return readSingles(row, appends);
  }

  /** The fastest way for one event. undefined: nothing was written. */
  private async tryOne(append: SqlAppend): Promise<AppendResult | undefined> {
    if (!this.driver.prepares) return undefined;
    const hasCommand = append.context.command !== undefined;
    const statement = hasCommand
      ? { name: "potter_append_one_command", text: this.sql.oneWithCommand, repeatable: true }
      : { name: "potter_append_one", text: this.sql.one };
    const { losses } = this.driver;
    try {
      const [row] = await this.driver.query(statement, bindStatement(append));
      if (row !== undefined && this.listener.isListening)
        this.listener.appended(toRecordedSingles(row, [append]), losses);
      return row && { kind: "appended", version: append.append.expectedVersion + 1, position: Number(row["pos"]) };
    } catch (error) {
      // Another transaction has appended to the stream meanwhile; the function reports it.
      if (hasCommand && isRefusedData(error)) return undefined;
      throw error;
    }
  }

  /** Appends alone, and waits for other transactions. */
  private async appendAlone(append: SqlAppend): Promise<AppendResult> {
    return retryTransient(async () => {
      const outcome = await this.appendSeveral(append, true);
      if (isAgain(outcome)) throw busyStream();
      return outcome;
    });
  }

  private async appendSeveral(append: SqlAppend, wait: boolean): Promise<Outcome> {
    try {
      return await retryTransient(async () => {
        const [done] = await this.tryAll([append]).catch((error: unknown) => {
          if ((wait && isLockTimeout(error)) || isRefusedData(error)) return [];
          throw error;
        });
        if (done !== undefined) return done;
        const [outcome] = readGroup(await this.callGroup(this.driver, [append], { wait, together: false }), [append]);
        return outcome as Outcome;
      });
    } catch (error) {
      if (!wait && isLockTimeout(error)) return { kind: "busy" };
      throw error;
    }
  }

  private callOne(append: SqlAppend): Promise<SqlRow> {
    const statement = {
      name: "potter_append_by_function",
      text: this.sql.byFunction,
      repeatable: isRepeatable(append.context),
    };
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

async function call(session: SqlSession, statement: SqlStatement, values: readonly SqlValue[]): Promise<SqlRow> {
  const [row] = await session.query(statement, values);
  return row as SqlRow;
}

function placeholders(count: number, first = 1): string {
  return Array.from({ length: count }, (_, i) => `$${first + i}`).join(", ");
}
