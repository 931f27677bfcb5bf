import { isPotterError } from "../../errors/index.js";
import { streamMapKey } from "../../store/events/index.js";
import type { AppendResult, ApplyInline, NewSubjectKey } from "../../store/ports/index.js";
import { retryTransient, type Schema, SqlArray, type SqlDriver, type SqlValue } from "../driver/index.js";
import { type RowPlace, type SqlRowStore, toPlaces } from "../rows/index.js";
import { toJsonObject } from "../values/index.js";
import { isAgain, type Outcome, readGroup, readRefusal } from "./append-outcome.js";
import { bindGroup, commandKey, isRepeatable, type SqlAppend } from "./append-values.js";
import { EarlyRun, type Prepared, type PreparedRow } from "./early-run.js";
import { GroupCommit, type Settled } from "./group-commit.js";
import { subjectNames, toKeyColumns } from "./key-columns.js";
import { RowTurns } from "./row-turns.js";
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
  private readonly clock: StoreClock;
  private readonly text: string;
  private readonly reads: GroupCommit<readonly RowPlace[], readonly (Uint8Array | undefined)[]>;
  private readonly appends: GroupCommit<Prepared, Outcome>;
  private readonly turns = new RowTurns();
  /** Types of events whose handlers need a transaction. */
  private readonly needing = new Set<string>();
  /** Appends that have read a row, by its name. */
  private readonly readers = new Map<string, Set<Prepared>>();

  constructor(driver: SqlDriver, schema: Schema, rows: SqlRowStore, clock: StoreClock) {
    this.driver = driver;
    this.clock = clock;
    const parameters = Array.from({ length: 42 }, (_, i) => `$${i + 1}`).join(", ");
    this.text = `SELECT outcomes, versions, positions, trunc(extract(epoch FROM at) * 1000) AS at, responses
      FROM ${schema.sql}.append_with_rows(${parameters})`;
    const { patience } = driver;
    this.reads = new GroupCommit(
      (wanted) => readTogether(rows, wanted),
      () => [],
      { patience },
    );
    this.appends = new GroupCommit((group) => this.send(group), keysOf, { sizeOf, sharedKeysOf, patience });
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
        const run = new EarlyRun(append, this.clock, this.turns, turnAt, (rows) => this.reads.run(rows));
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

  private async run(prepared: Prepared): Promise<Outcome> {
    const { append, rows } = prepared;
    for (const { name, read } of rows) {
      if (read === undefined) continue;
      const readers = this.readers.get(name);
      if (readers === undefined) this.readers.set(name, new Set([prepared]));
      else readers.add(prepared);
    }
    try {
      // Its refusal rolls back, so it is a call of its own.
      const outcome =
        append.append.uniqueValues === undefined ? await this.appends.run(prepared) : await this.sendTogether(prepared);
      if (outcome.kind === "appended") this.outdate(rows);
      return outcome;
    } finally {
      for (const { name } of rows) {
        const readers = this.readers.get(name);
        if (readers?.delete(prepared) === true && readers.size === 0) this.readers.delete(name);
      }
    }
  }

  /** Spares appends that have read a changed row a call that could not succeed. */
  private outdate(rows: readonly PreparedRow[]): void {
    for (const { name, change } of rows) {
      if (change === undefined) continue;
      for (const reader of this.readers.get(name) ?? []) reader.isStale = true;
    }
  }

  /** Sends all in one call. An error of one append must not fail the others. */
  private async send(group: readonly Prepared[]): Promise<readonly Settled<Outcome>[]> {
    const current = new Set(group.filter(({ isStale }) => !isStale));
    const settled = current.size === 0 ? [] : await this.sendCurrent([...current]);
    let next = 0;
    return group.map((one) =>
      current.has(one) ? (settled[next++] as Settled<Outcome>) : { result: { kind: "row_changed" } },
    );
  }

  private async sendCurrent(group: readonly Prepared[]): Promise<readonly Settled<Outcome>[]> {
    try {
      return (await retryTransient(() => this.call(group, false))).map((result) => ({ result }));
    } catch (error) {
      if (group.length === 1) return [{ error }];
      // The outcome of a call is unknown if the connection broke; after any other failure it had no effect.
      const isKnown = !(isPotterError(error) && error.code === "unavailable");
      return Promise.all(
        group.map(async (one): Promise<Settled<Outcome>> => {
          if (!isKnown && !isRepeatable(one.append.context)) return { error };
          const [settled] = await this.sendCurrent([one]);
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
      const refusal = readRefusal(error, [prepared.append]);
      if (refusal === undefined) throw error;
      return refusal;
    }
  }

  private async call(group: readonly Prepared[], together: boolean): Promise<readonly Outcome[]> {
    const appends = group.map(({ append }) => append);
    const repeatable = appends.every(({ context }) => isRepeatable(context));
    const statement = { name: "potter_append_with_rows", text: this.text, repeatable };
    const [, ...values] = bindGroup(appends, { wait: false, together });
    const [row = {}] = await this.driver.query(statement, [
      ...values,
      bindTimes(group),
      ...bindKeys(group),
      ...bindRows(group),
    ]);
    this.clock.set(Number(row["at"]));
    return readGroup(row, appends);
  }
}

async function readTogether(
  rows: SqlRowStore,
  wanted: readonly (readonly RowPlace[])[],
): Promise<readonly Settled<readonly (Uint8Array | undefined)[]>[]> {
  const found = await rows.readMany(wanted.flat());
  let next = 0;
  return wanted.map(({ length }) => {
    next += length;
    return { result: found.slice(next - length, next) };
  });
}

/** Appends of one call must differ in their stream, command and new keys, and in the rows that they change. */
function keysOf({ append, rows, keys: created }: Prepared): readonly string[] {
  const { stream } = append.append;
  const { command } = append.context;
  const keys = [...subjectNames(created)];
  keys.push(...rows.flatMap(({ name, change }) => (change === undefined ? [] : [`row ${name}`])));
  keys.push(streamMapKey(stream));
  if (command !== undefined) keys.push(commandKey(stream.tenant, command.id));
  return keys;
}

/** A row that an append has only read must not be changed by another of the same call. */
function sharedKeysOf({ rows }: Prepared): readonly string[] {
  return rows.flatMap(({ name, change }) => (change === undefined ? [`row ${name}`] : []));
}

function sizeOf({ append, rows }: Prepared): number {
  const sizes = rows.map(({ read, change }) => (read?.bytes?.length ?? 0) + (change?.row?.bytes.length ?? 0));
  return sizes.reduce((sum, size) => sum + size, append.size);
}

function bindTimes(group: readonly Prepared[]): SqlValue {
  if (group.every(({ at }) => at === undefined)) return null;
  return new SqlArray(
    "int8",
    group.map(({ at }) => at ?? null),
  );
}

function bindKeys(group: readonly Prepared[]): SqlValue[] {
  const keys = group.flatMap((prepared) => prepared.keys);
  if (keys.length === 0) return new Array<null>(5).fill(null);
  return [
    new SqlArray(
      "int4",
      group.flatMap((prepared, i) => prepared.keys.map(() => i + 1)),
    ),
    ...toKeyColumns(keys),
  ];
}

function bindRows(group: readonly Prepared[]): SqlValue[] {
  const rows = group.flatMap((prepared) => prepared.rows);
  if (rows.length === 0) return new Array<null>(12).fill(null);
  const [views, versions, generations, ...places] = toPlaces(rows) as [SqlValue, SqlValue, SqlValue, ...SqlValue[]];
  const owners = group.flatMap((prepared, i) => prepared.rows.map(() => i + 1));
  return [
    views,
    versions,
    generations,
    new SqlArray("int4", owners),
    ...places,
    new SqlArray(
      "boolean",
      rows.map(({ read }) => read !== undefined),
    ),
    new SqlArray(
      "bytea",
      rows.map(({ read }) => read?.bytes ?? null),
    ),
    new SqlArray(
      "boolean",
      rows.map(({ change }) => change !== undefined),
    ),
    new SqlArray(
      "bytea",
      rows.map(({ change }) => change?.row?.bytes ?? null),
    ),
    new SqlArray(
      "text",
      rows.map(({ change }) => (change?.row === undefined ? null : toJsonObject(change.row.fields))),
    ),
  ];
}
