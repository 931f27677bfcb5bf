import { isPotterError } from "../../errors/index.js";
import { heldByAppenders, type Schema, SqlArray, type SqlDriver, type SqlSession, sleep } from "../driver/index.js";

/** A range of positions without an event, both ends included. */
interface Gap {
  readonly first: number;
  readonly last: number;
}

/** Appenders that were running when a gap was found, and the highest position visible by then. */
interface Probe {
  readonly head: number;
  readonly upTo: number;
  readonly holders: ReadonlySet<string>;
}

/** How long one scan waits for appenders before it returns without progress, in milliseconds. */
const scanTimeout = 100;
/** Number of positions that one statement scans. */
const batchSize = 10_000;
/** Most positions that wait for those before them. */
const mostCommitted = 10_000;
/** The mark is saved for the next start when it is this far ahead of the saved one. */
const saveInterval = 10_000;

/**
 * The highest position at or below which no event can still appear. Positions are drawn before their transactions
 * commit, so a later one may become visible first.
 *
 * Over positions without a gap it moves at once. A transaction that can still fill a gap is running: it took the shared
 * lock before it drew its position, and drew it before a higher one became visible. So the holders of the lock are
 * sampled after the scan that found the gap. When all of them have ended, a new snapshot shows what they committed;
 * what it does not show can never appear. Each step is a separate statement, since a snapshot taken before the holders
 * have ended proves nothing.
 */
export class HighWaterMark {
  private readonly driver: SqlDriver;
  /** Value of `driver.losses` for which the fields below are valid. */
  private losses: number | undefined;
  private readonly sql: Readonly<Record<"kept" | "keep" | "look" | "gaps" | "skip" | "holders", string>>;
  private known: number | undefined;
  /** Positions above the mark that are known to be committed. */
  private readonly committed = new Set<number>();
  private kept = 0;
  private probe: Probe | undefined;
  private running: Promise<number> | undefined;
  private next: Promise<number> | undefined;

  constructor(driver: SqlDriver, schema: Schema) {
    const { sql } = schema;
    this.driver = driver;
    const visible = `SELECT pos FROM ${sql}.events WHERE pos > $1 AND pos <= $2
      UNION ALL SELECT pos FROM ${sql}.events_archive WHERE pos > $1 AND pos <= $2`;
    const first = (table: string) => `(SELECT pos FROM ${sql}.${table} WHERE pos > $1 ORDER BY pos LIMIT ${batchSize})`;
    this.sql = {
      kept: `SELECT pos FROM ${sql}.high_water_mark`,
      keep: `UPDATE ${sql}.high_water_mark SET pos = $1 WHERE pos < $1`,
      look: `SELECT max(pos) AS last, count(*) AS count
        FROM (${first("events")} UNION ALL ${first("events_archive")} ORDER BY pos LIMIT ${batchSize}) e`,
      gaps: `SELECT previous + 1 AS first, pos - 1 AS last
        FROM (SELECT pos, lag(pos, 1, $1::bigint) OVER (ORDER BY pos) AS previous FROM (
          ${visible}
          UNION ALL SELECT generate_series(greatest(first, $1 + 1), least(last, $2)) FROM ${sql}.position_gaps
            WHERE last > $1 AND first <= $2) v) w
        WHERE pos > previous + 1 ORDER BY pos`,
      skip: `INSERT INTO ${sql}.position_gaps (first, last) SELECT * FROM unnest($1::bigint[], $2::bigint[]) ON CONFLICT DO NOTHING`,
      // A holder without a process is a prepared transaction. A standby does not know the locks of its primary.
      holders: `
        SELECT coalesce(string_agg(virtualtransaction, ' ') FILTER (WHERE pid IS NOT NULL), '') AS holders,
          pg_is_in_recovery() OR count(*) FILTER (WHERE pid IS NULL) > 0 AS blocked
        FROM pg_locks WHERE ${heldByAppenders(schema)}`,
    };
  }

  /** The last known mark: needs no query, and is never too high. */
  get last(): number {
    return this.driver.losses === this.losses ? (this.known ?? 0) : 0;
  }

  /** Whether `pass` can move the mark: it is known for this server, not blocked, and need not be saved. */
  get isPassable(): boolean {
    const { known } = this;
    if (known === undefined || this.driver.losses !== this.losses) return false;
    return !this.isBlocked && known - this.kept < saveInterval;
  }

  /** Whether a gap directly above the mark, which may still be filled, keeps it below committed events. */
  get isBlocked(): boolean {
    return this.probe !== undefined && this.probe.head === this.known;
  }

  /**
   * Moves the mark over positions that one statement of the caller has found visible: all above a position, in their order.
   * Returns the highest position that they reach without a gap from `from`, the mark before the statement. The present mark proves
   * nothing about the statement: it may have moved over events that became visible later. `losses`: the value of `driver.losses`
   * before the statement.
   */
  pass(from: number, positions: readonly number[], losses: number | undefined): number {
    let to = from;
    for (const position of positions) {
      if (position > to + 1) break;
      to = Math.max(to, position);
    }
    if (this.known !== undefined && losses === this.losses && losses === this.driver.losses) this.raise(to);
    return to;
  }

  /**
   * Moves the mark over committed positions, in their order, as far as they follow it. Those that come too early wait here for the
   * ones before them. `losses`: as for `pass`.
   */
  passCommitted(positions: readonly number[], losses: number | undefined): void {
    if (this.known === undefined || losses !== this.losses || losses !== this.driver.losses) return;
    for (const position of positions) if (this.committed.size < mostCommitted) this.committed.add(position);
    let { known } = this;
    while (this.committed.delete(known + 1)) known++;
    if (known > this.known) this.raise(known);
  }

  /**
   * Moves the mark as far as possible. Concurrent callers share a scan, but not one that started before their call: it
   * may miss what was committed by then.
   */
  advance(): Promise<number> {
    if (this.running === undefined) {
      this.running = this.move().finally(() => {
        this.running = undefined;
      });
      return this.running;
    }
    const again = () => {
      this.next = undefined;
      return this.advance();
    };
    this.next ??= this.running.then(again, again);
    return this.next;
  }

  private async move(): Promise<number> {
    for (;;) {
      const known = this.recall() ?? (await this.readSaved());
      this.known = known;
      while (await this.step(this.known)) {}
      if (this.driver.losses !== this.losses) continue;
      if (this.known - this.kept >= saveInterval) await this.keep(this.known);
      return this.known;
    }
  }

  /** The mark known for this server. Another server may lack events of the one before, and reuse their positions. */
  private recall(): number | undefined {
    const { losses } = this.driver;
    if (losses !== this.losses) {
      this.losses = losses;
      this.known = undefined;
      this.probe = undefined;
      this.committed.clear();
    }
    return this.known;
  }

  /** One scan. true: another scan may make progress. */
  private async step(head: number): Promise<boolean> {
    const [row] = await this.driver.query({ name: "potter_scan_positions", text: this.sql.look, repeatable: true }, [
      head,
    ]);
    const count = Number(row?.["count"]);
    if (count === 0) return false;
    const last = Number(row?.["last"]);
    if (last - head === count) {
      this.raise(last);
      return count === batchSize;
    }
    const [gap] = await this.findGaps(this.driver, head, last);
    if (gap === undefined) {
      this.raise(last);
      return true;
    }
    if (gap.first > head + 1) {
      this.raise(gap.first - 1);
      return true;
    }
    return this.passGap(head, last);
  }

  /** Handles a gap directly above the mark. true: the mark moved past it. */
  private async passGap(head: number, visible: number): Promise<boolean> {
    let { probe } = this;
    let gone = false;
    if (probe?.head !== head) {
      const { holders, blocked } = await this.sample();
      probe = { head, upTo: visible, holders };
      gone = !blocked && holders.size === 0;
    }
    this.probe = probe;
    if (!gone && !(await this.haveEnded(probe.holders))) return false;
    this.probe = undefined;
    const { upTo } = probe;
    if (!(await this.driver.transaction((session) => this.recordGaps(session, head, upTo)))) return false;
    this.raise(upTo);
    return true;
  }

  /** `pass` may have moved the mark further meanwhile. */
  private raise(to: number): void {
    this.known = Math.max(this.known ?? 0, to);
    if (this.committed.size === 0) return;
    for (const position of this.committed) if (position <= this.known) this.committed.delete(position);
  }

  /** Records the remaining gaps as permanent. false: this may be another server than the sampled one. */
  private async recordGaps(session: SqlSession, after: number, upTo: number): Promise<boolean> {
    if (this.driver.losses !== this.losses) return false;
    const dead = await this.findGaps(session, after, upTo);
    if (dead.length === 0) return true;
    const statement = { name: "potter_record_gaps", text: this.sql.skip };
    const first = dead.map((gap) => gap.first);
    const last = dead.map((gap) => gap.last);
    await session.query(statement, [new SqlArray("int8", first), new SqlArray("int8", last)]);
    return true;
  }

  private async haveEnded(sampled: ReadonlySet<string>): Promise<boolean> {
    const end = performance.now() + scanTimeout;
    for (let wait = 1; ; wait *= 2) {
      const { holders, blocked } = await this.sample();
      // A sampled transaction may have become a prepared one under another name, so any prepared transaction blocks.
      if (!blocked && ![...sampled].some((holder) => holders.has(holder))) return true;
      if (performance.now() + wait > end) return false;
      await sleep(wait);
    }
  }

  private async sample(): Promise<{ readonly holders: ReadonlySet<string>; readonly blocked: boolean }> {
    const [row] = await this.driver.query({ name: "potter_appenders", text: this.sql.holders, repeatable: true }, []);
    const text = row?.["holders"] as string;
    return { holders: new Set(text === "" ? [] : text.split(" ")), blocked: row?.["blocked"] === true };
  }

  /** Ranges of positions up to `upTo` with neither an event nor a recorded gap. */
  private async findGaps(session: SqlSession, after: number, upTo: number): Promise<readonly Gap[]> {
    const rows = await session.query({ name: "potter_find_gaps", text: this.sql.gaps, repeatable: true }, [
      after,
      upTo,
    ]);
    return rows.map((row) => ({ first: Number(row["first"]), last: Number(row["last"]) }));
  }

  private async readSaved(): Promise<number> {
    const [row] = await this.driver.query({ text: this.sql.kept, repeatable: true }, []);
    this.kept = Number(row?.["pos"] ?? 0);
    return this.kept;
  }

  /** Only shortens the first scan of the next start, so a missing right to write or a busy server is not an error. */
  private async keep(head: number): Promise<void> {
    try {
      await this.driver.query({ text: this.sql.keep }, [head]);
    } catch (error) {
      if (!isPotterError(error)) throw error;
    }
    this.kept = head;
  }
}
