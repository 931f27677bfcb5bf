import { isPotterError } from "../errors/index.js";
import {
  type AppendContext,
  type AppendRequest,
  type AppendResult,
  type AppendTogetherRequest,
  type AppendTogetherResult,
  type InlineApply,
  streamKey,
} from "../event-store/index.js";
import { busyStream, type Outcome, readAll, readGroup, readOne, readRefusal, toRecorded } from "./append-outcome.js";
import { type AppendStatements, appendStatements } from "./append-statements.js";
import {
  bindAll,
  bindGroup,
  bindOne,
  bindStatement,
  findShortWay,
  type GroupMode,
  isRepeatable,
  isSingle,
  type SqlAppend,
  toSqlAppend,
} from "./append-values.js";
import type { SqlDriver, SqlRow, SqlSession, SqlStatement, SqlValue } from "./driver.js";
import { GroupCommit, type Settled } from "./group-commit.js";
import { retryTransient } from "./retry.js";
import type { Schema } from "./schema.js";
import { isRefusedData, isTransient } from "./sql-error.js";
import type { SqlRowStore } from "./sql-row-store.js";

/** Appends by whichever driver: those that wait at the same time in one call. */
export class SqlAppender {
  private readonly driver: SqlDriver;
  private readonly rows: SqlRowStore;
  private readonly maxEventSize: number;
  private readonly sql: AppendStatements & { readonly one: string; readonly group: string };
  private readonly group: GroupCommit<SqlAppend, Outcome>;

  constructor(driver: SqlDriver, schema: Schema, rows: SqlRowStore, maxEventSize: number) {
    this.driver = driver;
    this.maxEventSize = maxEventSize;
    this.rows = rows;
    this.sql = {
      ...appendStatements(schema),
      one: `SELECT outcome, version, pos, response FROM ${schema.sql}.append_one(${placeholders(15)})`,
      group: `SELECT outcomes, versions, positions, trunc(extract(epoch FROM at) * 1000) AS at, responses
        FROM ${schema.sql}.append_group(${placeholders(24)})`,
    };
    this.group = new GroupCommit((appends) => this.send(appends), keysOf, {
      sizeOf: ({ size }) => size,
      patience: driver.patience,
    });
  }

  async append(request: AppendRequest): Promise<AppendResult> {
    if (request.inline !== undefined || request.claims !== undefined) {
      const result = await this.appendTogether({ ...request, appends: [request] });
      return result.kind === "appended"
        ? { kind: "appended", version: result.versions[0] ?? 0, position: result.position }
        : result;
    }
    const append = toSqlAppend(request, request, this.maxEventSize);
    const outcome = await this.group.run(append);
    return outcome.kind === "busy" ? this.appendAlone(append) : outcome;
  }

  async appendTogether({ appends, ...context }: AppendTogetherRequest): Promise<AppendTogetherResult> {
    const sqlAppends = appends.map((append) => toSqlAppend(append, context, this.maxEventSize));
    return retryTransient(async () => {
      try {
        return toTogether(await this.callTogether(sqlAppends, context));
      } catch (error) {
        const refusal = readRefusal(error, sqlAppends);
        if (refusal === undefined) throw error;
        if (refusal.kind === "busy") throw busyStream();
        return refusal;
      }
    });
  }

  private callTogether(appends: readonly SqlAppend[], context: AppendContext): Promise<SqlRow> {
    const work = (session: SqlSession) => this.callGroup(session, appends, { wait: true, together: true });
    const { inline } = context;
    if (inline === undefined) return work(this.driver);
    const inTransaction = async (session: SqlSession) => {
      const row = await work(session);
      await this.applyInline(session, inline, row, appends);
      return row;
    };
    return this.driver.transaction(inTransaction, { repeatable: isRepeatable(context) });
  }

  /** One call for all; a fault that one of them is to blame for must not fail the others. */
  private async send(appends: readonly SqlAppend[]): Promise<readonly Settled<Outcome>[]> {
    const [first] = appends as readonly [SqlAppend];
    if (appends.length === 1) return [await settle(() => this.appendOne(first))];
    try {
      const done = await this.tryAll(appends);
      if (done !== undefined) return done;
      const row = await retryTransient(() => this.callGroup(this.driver, appends, { wait: false, together: false }));
      return readGroup(row, appends).map((result) => ({ result }));
    } catch (error) {
      // Nobody knows what came of a call whose connection broke; of any other failure, nothing came.
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

  /** The shortest way for several that meet no other. undefined: nothing was done, one of them does. */
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

  /** The shortest way, for an append that meets no other. undefined: nothing was done, it does. */
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

  /** Waits for whoever holds the stream. */
  private async appendAlone(append: SqlAppend): Promise<AppendResult> {
    return retryTransient(async () => {
      const row = await this.callGroup(this.driver, [append], { wait: true, together: false });
      const [outcome] = readGroup(row, [append]) as readonly [Outcome];
      if (outcome.kind === "busy") throw busyStream();
      return outcome;
    });
  }

  private callOne(append: SqlAppend): Promise<SqlRow> {
    const statement = { name: "potter_append_one", text: this.sql.one, repeatable: isRepeatable(append.context) };
    return call(this.driver, statement, bindOne(append));
  }

  private callGroup(session: SqlSession, appends: readonly SqlAppend[], mode: GroupMode): Promise<SqlRow> {
    const repeatable = appends.every(({ context }) => isRepeatable(context));
    const statement = { name: "potter_append_group", text: this.sql.group, repeatable };
    return call(session, statement, bindGroup(appends, mode));
  }

  private async applyInline(
    session: SqlSession,
    inline: InlineApply,
    row: SqlRow,
    appends: readonly SqlAppend[],
  ): Promise<void> {
    if (row["positions"] === null) return;
    const rows = this.rows.begin(session, { claims: true });
    await inline(toRecorded(row, appends), rows);
    await this.rows.write(session, rows.changes, { claims: true });
  }
}

/** Appends of one call must differ in their stream and in their command. */
function keysOf({ append, context }: SqlAppend): readonly string[] {
  const stream = streamKey(append.stream);
  return context.command === undefined ? [stream] : [stream, commandKey(append.stream.tenant, context.command.id)];
}

function commandKey(tenant: string, id: NonNullable<AppendContext["command"]>["id"]): string {
  return `${tenant.length} ${tenant}${id}`;
}

function toTogether(row: SqlRow): AppendTogetherResult {
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

function placeholders(count: number): string {
  return Array.from({ length: count }, (_, i) => `$${i + 1}`).join(", ");
}
