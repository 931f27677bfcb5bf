import type { SqlDriver, SqlRow, SqlStatement, SqlValue } from "../driver/index.js";

/** What a replica said, which was asked for positions up to `upTo` and had all of these. */
export interface ReplicaRows {
  readonly rows: readonly SqlRow[];
  readonly upTo: number;
}

/** Reads what is settled at a replica, where there is one and it has it. */
export class ReplicaReader {
  private readonly driver: SqlDriver;
  /** How far the log of the primary went when all events up to a position had been seen there. */
  private seen: { readonly position: number; readonly lsn: string; readonly losses: number | undefined } | undefined;

  constructor(driver: SqlDriver) {
    this.driver = driver;
  }

  /**
   * undefined: ask the primary.
   *
   * @param range - `least`: up to which position the replica must have what it is asked for, to be worth asking.
   *   `head`: up to where events are settled.
   * @param values - What to bind, given the highest position to ask for: never one that the replica may not have yet,
   *   since an event that it cannot show would be taken for one that is not there.
   */
  async read(
    { least, head }: { readonly least: number; readonly head: number },
    statement: SqlStatement,
    values: (upTo: number) => readonly SqlValue[],
  ): Promise<ReplicaRows | undefined> {
    const { driver } = this;
    if (driver.queryReplica === undefined || least > head) return undefined;
    let { seen } = this;
    const { losses } = driver;
    if (seen === undefined || seen.position < least || seen.losses !== losses) {
      // Asked after the events were seen, so what wrote them stands in the log before it.
      const [row] = await driver.query(
        { text: "SELECT pg_current_wal_insert_lsn()::text AS lsn", repeatable: true },
        [],
      );
      seen = { position: head, lsn: row?.["lsn"] as string, losses };
      this.seen = seen;
    }
    const upTo = Math.min(head, seen.position);
    const rows = await driver.queryReplica(seen.lsn, statement, values(upTo));
    return rows && { rows, upTo };
  }
}
