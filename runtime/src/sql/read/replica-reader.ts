import type { SqlDriver, SqlRow, SqlStatement, SqlValue } from "../driver/index.js";

/** Rows of a replica that had all positions up to `upTo`. */
export interface ReplicaRows {
  readonly rows: readonly SqlRow[];
  readonly upTo: number;
}

/** Reads events below the high-water mark from a replica, if there is one that has them. */
export class ReplicaReader {
  private readonly driver: SqlDriver;
  /** Position in the log of the primary by which all events up to `position` were visible there. */
  private seen: { readonly position: number; readonly lsn: string; readonly losses: number | undefined } | undefined;

  constructor(driver: SqlDriver) {
    this.driver = driver;
  }

  /**
   * undefined: read from the primary.
   *
   * @param range - `least`: the position that the replica must have at least. `head`: the high-water mark.
   * @param values - The parameters, given the highest position to read: never one that the replica may lack, since a
   * missing event would count as nonexistent.
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
      // Read after the events were visible, so their writes precede it in the log.
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
