import { isPotterError, PotterError } from "../../errors/index.js";
import { streamMapKey } from "../../store/events/index.js";
import type { AppendResult, ApplyInline, NewSubjectKey } from "../../store/ports/index.js";
import { type RowCommit, type RowPlace, RowTurns, type TenantCommand } from "../../store/rows/index.js";
import {
  isLockTimeout,
  retryTransient,
  type Schema,
  type SqlDriver,
  type SqlRow,
  type SqlStatement,
  type SqlValue,
} from "../driver/index.js";
import { GroupCommit, type Settled } from "../groups/index.js";
import { type EarlyRows, RowReaders, type SqlRowStore, TransactionNeeded } from "../rows/index.js";
import { isAgain, type Outcome, readGroup, readOne, readRefusal } from "./append-outcome.js";
import { isRepeatable, keysOf as keysOfAppend, type SqlAppend } from "./append-values.js";
import { EarlyAppend } from "./early-append.js";
import { EarlyRun, type Prepared } from "./early-run.js";
import { bindOneWithRow, bindUnits } from "./inline-values.js";
import { subjectNames } from "./key-columns.js";
import type { StoreClock } from "./store-clock.js";

/** How often handlers run before the append. Then a transaction is used, which waits for the rows that it needs. */
const maxAttempts = 4;

/**
 * Appends events together with the rows of inline projections, without a transaction: handlers run before the append on
 * the rows as they are, and one statement appends the events and writes the rows if nothing that was read has changed.
 * Reads of concurrent appends share a statement, and so do appends.
 */
export class SqlInlineAppender {
  private readonly driver: SqlDriver;
  private readonly rows: SqlRowStore;
  private readonly clock: StoreClock;
  private readonly sql: Readonly<Record<"group" | "one", string>>;
  private readonly appends: GroupCommit<Prepared, Outcome>;
  private readonly turns = new RowTurns();
  /** Types of events whose handlers need a transaction. */
  private readonly needing = new Set<string>();
  private readonly readers = new RowReaders();

  constructor(driver: SqlDriver, schema: Schema, rows: SqlRowStore, clock: StoreClock) {
    this.driver = driver;
    this.rows = rows;
    this.clock = clock;
    const parameters = (count: number) => Array.from({ length: count }, (_, i) => `$${i + 1}`).join(", ");
    const at = "trunc(extract(epoch FROM at) * 1000) AS at";
    this.sql = {
      group: `SELECT outcomes, versions, positions, ${at}, responses FROM ${schema.sql}.append_units(${parameters(44)})`,
      one: `SELECT outcome, version, pos, ${at}, response FROM ${schema.sql}.append_one_with_row(${parameters(29)})`,
    };
    const { patience, blocks: gather } = driver;
    const rowChanged: Outcome = { kind: "row_changed" };
    const sendCurrent = (group: readonly Prepared[]) =>
      RowReaders.sendCurrent(group, rowChanged, (current) => this.sendAll(current));
    this.appends = new GroupCommit(sendCurrent, keysOf, { sizeOf, sharedKeysOf, patience, gather });
  }

  /**
   * `keys`: keys of data subjects to create with the append, which has neither a command nor unique values then. undefined:
   * nothing was appended. The append needs a transaction, or one of the keys exists.
   */
  async append(
    append: SqlAppend,
    inline: ApplyInline,
    keys: readonly NewSubjectKey[] = [],
  ): Promise<AppendResult | undefined> {
    const types = append.append.events.map(({ definition }) => definition.type);
    if (types.some((type) => this.needing.has(type))) return undefined;
    let turnAt: readonly string[] = [];
    for (let attempt = 1; attempt <= maxAttempts; attempt++) {
      const end = turnAt.length === 0 ? undefined : await this.turns.take(turnAt);
      try {
        const recall = attempt === 1 ? this.rows.recent.recall : undefined;
        const read = (rows: readonly RowPlace[]) => this.rows.readShared(rows);
        const run = new EarlyRun(append, this.clock, this.turns, turnAt, read, recall);
        const prepared = await run.run(inline);
        if (prepared === "needs_transaction") for (const type of types) this.needing.add(type);
        if (prepared === "needs_transaction" || prepared === "failed") return undefined;
        if (prepared !== "contended") {
          const outcome = await this.run({ ...prepared, keys });
          if (outcome.kind === "busy" || outcome.kind === "key_exists") return undefined;
          if (!isAgain(outcome)) return outcome;
        }
        turnAt = run.names;
      } finally {
        end?.();
      }
    }
    return undefined;
  }

  /** Appends of a transaction over rows. Returns the last position, 0 if there are no events; undefined: nothing was written. */
  async commit({ appends: made, rows, records }: RowCommit<EarlyAppend>): Promise<number | undefined> {
    const appends = [...made, ...records.map((one) => this.toAppend(one))];
    if (!followEachOther(appends)) return undefined;
    const outcome = await this.run({ appends, rows, keys: [], isStale: false });
    return outcome.kind === "appended" ? outcome.position : undefined;
  }

  /** Prepares an append of a transaction over rows, and applies its inline projections to these. Rejects if that needs another way. */
  async prepare(append: SqlAppend, inline: ApplyInline | undefined, rows: EarlyRows): Promise<EarlyAppend> {
    const early = new EarlyAppend(append, this.clock, (what) => rows.needTransaction(what));
    await inline?.(early.events, rows);
    // Handlers may have caught the errors.
    if (rows.needed !== undefined) throw rows.needed;
    if (early.lacksTime) throw new PotterError("aborted", "the time of the database is not known yet");
    return early;
  }

  /** A command to record as an append without events. No stream comes to exist. */
  private toAppend({ tenant, command }: TenantCommand): EarlyAppend {
    const stream = { tenant, type: "potter.command", id: command.id };
    const context = { correlationId: command.id, causationId: command.id, metadata: {}, command };
    const append = {
      append: { stream, expectedVersion: 0, events: [] },
      context,
      payloads: [],
      size: command.response.length,
    };
    return new EarlyAppend(append, this.clock, (what) => new TransactionNeeded(what));
  }

  private async run(prepared: Prepared): Promise<Outcome> {
    const { appends, rows } = prepared;
    const { recent } = this.rows;
    try {
      // Its refusal rolls back, so it is a call of its own.
      const send = () =>
        appends.every(({ append }) => append.append.uniqueValues === undefined)
          ? this.appends.run(prepared)
          : this.sendTogether(prepared);
      const outcome = await this.readers.during(prepared, send, ({ kind }) => kind === "appended");
      if (outcome.kind === "appended") recent.written(rows);
      else if (outcome.kind === "row_changed") recent.forget(rows.map(({ name }) => name));
      return outcome;
    } catch (error) {
      recent.forget(rows.map(({ name }) => name));
      throw error;
    }
  }

  /** Sends all in one call. An error of one append must not fail the others. */
  private async sendAll(group: readonly Prepared[]): Promise<readonly Settled<Outcome>[]> {
    try {
      return (await retryTransient(() => this.call(group, false))).map((result) => ({ result }));
    } catch (error) {
      if (group.length === 1) return [isLockTimeout(error) ? { result: { kind: "busy" } } : { error }];
      // The outcome of a call is unknown if the connection broke; after any other failure it had no effect.
      const isKnown = !(isPotterError(error) && error.code === "unavailable");
      return Promise.all(
        group.map(async (one): Promise<Settled<Outcome>> => {
          if (!isKnown && !isAllRepeatable([one])) return { error };
          const [settled] = await this.sendAll([one]);
          return settled as Settled<Outcome>;
        }),
      );
    }
  }

  private async sendTogether(prepared: Prepared): Promise<Outcome> {
    try {
      const [outcome] = await retryTransient(() => this.call([prepared], true));
      return outcome as Outcome;
    } catch (error) {
      const refusal = readRefusal(
        error,
        prepared.appends.map(({ append }) => append),
      );
      if (refusal !== undefined) return refusal;
      if (isLockTimeout(error)) return { kind: "busy" };
      throw error;
    }
  }

  private async call(group: readonly Prepared[], together: boolean): Promise<readonly Outcome[]> {
    const appends = group.flatMap((one) => one.appends.map(({ append }) => append));
    const repeatable = isAllRepeatable(group);
    const [only, ...more] = group as readonly [Prepared, ...Prepared[]];
    const alone = more.length > 0 ? undefined : bindOneWithRow(only);
    if (alone !== undefined) {
      const row = await this.query({ name: "potter_append_one_with_row", text: this.sql.one, repeatable }, alone);
      return [readOne(row, appends[0] as SqlAppend)];
    }
    const statement = { name: "potter_append_units", text: this.sql.group, repeatable };
    const outcomes = readGroup(await this.query(statement, bindUnits(group, together)), appends);
    let next = 0;
    return group.map((one) => {
      next += one.appends.length;
      return outcomeOf(outcomes.slice(next - one.appends.length, next));
    });
  }

  private async query(statement: SqlStatement, values: readonly SqlValue[]): Promise<SqlRow> {
    const [row = {}] = await this.driver.query(statement, values);
    this.clock.set(Number(row["at"]));
    return row;
  }
}

/** Whether appends to one stream follow each other, and no two have the same command: the database sees neither. */
function followEachOther(appends: readonly EarlyAppend[]): boolean {
  const versions = new Map<string, number>();
  const commands = new Set<string>();
  return appends.every(({ append: { append, context } }) => {
    const { stream, expectedVersion, events } = append;
    const key = streamMapKey(stream);
    const known = versions.get(key) ?? expectedVersion;
    versions.set(key, expectedVersion + events.length);
    const isNew = context.command === undefined || commands.size < commands.add(context.command.id).size;
    return isNew && known === expectedVersion;
  });
}

/** The outcome of appends that are all or nothing: that of the last one with events, or of the first that was refused. */
function outcomeOf(all: readonly Outcome[]): Outcome {
  const hasEvents = (one: Outcome): boolean => one.kind !== "appended" || one.position > 0;
  const refused = all.find(({ kind }) => kind !== "appended" && kind !== "row_changed");
  return refused ?? all.findLast(hasEvents) ?? (all.at(-1) as Outcome);
}

function isAllRepeatable(group: readonly Prepared[]): boolean {
  return group.every(({ appends }) => appends.every(({ append }) => isRepeatable(append.context)));
}

/** Appends of one call must differ in their stream, command and new keys, and in the rows that they change. */
function keysOf({ appends, rows, keys: created }: Prepared): readonly string[] {
  const keys = [...subjectNames(created)];
  keys.push(...rows.flatMap(({ name, change }) => (change === undefined ? [] : [`row ${name}`])));
  for (const { append } of appends) keys.push(...keysOfAppend(append));
  return keys;
}

/** A row that an append has only read must not be changed by another of the same call. */
function sharedKeysOf({ rows }: Prepared): readonly string[] {
  return rows.flatMap(({ name, change }) => (change === undefined ? [`row ${name}`] : []));
}

function sizeOf({ appends, rows }: Prepared): number {
  const sizes = rows.map(({ read, change }) => (read?.bytes?.length ?? 0) + (change?.row?.bytes.length ?? 0));
  sizes.push(...appends.map(({ append }) => append.size));
  return sizes.reduce((sum, size) => sum + size, 0);
}
