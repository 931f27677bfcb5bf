import type { EventSlice, RecordedEvent } from "../event-store/index.js";
import type { SqlDriver } from "./driver.js";
import { eventColumns, toRecordedEvent } from "./recorded-event.js";
import { sleep } from "./retry.js";
import type { Schema } from "./schema.js";
import { findHoles, type Skip, toSlice } from "./slice.js";

/** Appenders that were alive when a hole was found, and the highest position that was visible by then. */
interface Probe {
  readonly upTo: number;
  readonly holders: ReadonlySet<string>;
}

/** How long one read waits for appenders before it says that there is nothing yet, in milliseconds. */
const patience = 100;
/** Probes that are remembered from one read to the next: one for each position that somebody is stuck at. */
const maxProbes = 64;

/**
 * Reads the events of all streams in order of position and loses none, though positions are drawn before their
 * transactions commit, so that a later one may show first.
 *
 * What has no hole before it is delivered at once. At a hole, whoever may still fill it is alive: it took the
 * shared lock before it drew its position, and it drew it before a higher one became visible. So the holders of
 * the lock are sampled after the read that showed the hole; when all of these have gone, a new snapshot shows
 * what they committed, and what it does not show will never come. Each step is a statement of its own, since a
 * snapshot taken before the holders have gone proves nothing.
 */
export class GapSafeReader {
  private readonly driver: SqlDriver;
  private readonly sql: {
    readonly events: string;
    readonly skips: string;
    readonly skip: string;
    readonly holders: string;
  };
  private readonly probes = new Map<number, Probe>();

  constructor(driver: SqlDriver, schema: Schema) {
    this.driver = driver;
    this.sql = {
      events: `SELECT ${eventColumns} FROM ${schema.sql}.events WHERE pos > $1 ORDER BY pos LIMIT $2`,
      skips: `SELECT first, last FROM ${schema.sql}.skips WHERE last > $1 AND first <= $2 ORDER BY first`,
      skip: `INSERT INTO ${schema.sql}.skips (first, last) SELECT * FROM unnest($1::bigint[], $2::bigint[]) ON CONFLICT DO NOTHING`,
      // A holder without a process is a prepared transaction. A standby does not know the locks of its primary.
      holders: `
        SELECT coalesce(string_agg(virtualtransaction, ' ') FILTER (WHERE pid IS NOT NULL), '') AS holders,
          pg_is_in_recovery() OR count(*) FILTER (WHERE pid IS NULL) > 0 AS blocked
        FROM pg_locks
        WHERE locktype = 'advisory' AND granted AND objsubid = 2
          AND classid = ${schema.appenders} AND objid = ${schema.lock}
          AND database = (SELECT oid FROM pg_database WHERE datname = current_database())`,
    };
  }

  async read(after: number, limit: number): Promise<EventSlice> {
    const events = await this.select(after, limit);
    const last = events.at(-1)?.position;
    if (last === undefined) return { events, position: after, skipped: 0 };
    if (last - after === events.length) return { events, position: last, skipped: 0 };
    const plain = toSlice(after, events, []);
    if (plain.events.length > 0) return plain;
    const known = toSlice(after, events, await this.readSkips(after, last));
    if (known.position > after) return known;
    return this.probe(after, limit, last);
  }

  /** Deals with a hole directly above `after`. */
  private async probe(after: number, limit: number, visible: number): Promise<EventSlice> {
    let probe = this.probes.get(after);
    let gone = false;
    if (probe === undefined) {
      const { holders, blocked } = await this.sample();
      probe = { upTo: visible, holders };
      gone = !blocked && holders.size === 0;
      if (!gone) this.remember(after, probe);
    }
    if (!gone && !(await this.haveGone(probe.holders))) return { events: [], position: after, skipped: 0 };
    this.probes.delete(after);
    const events = await this.select(after, limit);
    const dead = findHoles(after, events, probe.upTo);
    if (dead.length > 0) {
      await this.driver.query({ name: "potter_skip", text: this.sql.skip }, [
        dead.map(({ first }) => first),
        dead.map(({ last }) => last),
      ]);
    }
    return toSlice(after, events, dead);
  }

  private async haveGone(sampled: ReadonlySet<string>): Promise<boolean> {
    const end = performance.now() + patience;
    for (let wait = 1; ; wait *= 2) {
      const { holders, blocked } = await this.sample();
      // One that was sampled may have become a prepared transaction, under another name: so any of those blocks.
      if (!blocked && ![...sampled].some((holder) => holders.has(holder))) return true;
      if (performance.now() + wait > end) return false;
      await sleep(wait);
    }
  }

  private async sample(): Promise<{ readonly holders: ReadonlySet<string>; readonly blocked: boolean }> {
    const [row] = await this.driver.query({ name: "potter_holders", text: this.sql.holders }, []);
    const text = row?.["holders"] as string;
    return { holders: new Set(text === "" ? [] : text.split(" ")), blocked: row?.["blocked"] === true };
  }

  private async select(after: number, limit: number): Promise<readonly RecordedEvent[]> {
    const rows = await this.driver.query({ name: "potter_read_all", text: this.sql.events }, [after, limit]);
    return rows.map(toRecordedEvent);
  }

  private async readSkips(after: number, last: number): Promise<readonly Skip[]> {
    const rows = await this.driver.query({ name: "potter_skips", text: this.sql.skips }, [after, last]);
    return rows.map((row) => ({ first: Number(row["first"]), last: Number(row["last"]) }));
  }

  private remember(after: number, probe: Probe): void {
    const [oldest] = this.probes.keys();
    if (oldest !== undefined && this.probes.size >= maxProbes) this.probes.delete(oldest);
    this.probes.set(after, probe);
  }
}
