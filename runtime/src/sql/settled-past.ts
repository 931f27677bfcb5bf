import type { SqlDriver, SqlRow, SqlStatement, SqlValue } from "./driver.js";

/** Reads what is settled at a replica, where there is one and it has it. */
export class SettledPast {
  private readonly driver: SqlDriver;
  /** How far the log of the primary went when all events up to a position had been seen there. */
  private seen: { readonly position: number; readonly lsn: string } | undefined;

  constructor(driver: SqlDriver) {
    this.driver = driver;
  }

  /** `upTo`: the highest position that is read. `head`: up to where events are settled. undefined: ask the primary. */
  async read(
    { upTo, head }: { readonly upTo: number; readonly head: number },
    statement: SqlStatement,
    values: readonly SqlValue[],
  ): Promise<readonly SqlRow[] | undefined> {
    const { driver } = this;
    if (driver.queryReplica === undefined || upTo > head) return undefined;
    if (this.seen === undefined || this.seen.position < upTo) {
      // Asked after the events were seen, so what wrote them stands in the log before it.
      const [row] = await driver.query(
        { text: "SELECT pg_current_wal_insert_lsn()::text AS lsn", repeatable: true },
        [],
      );
      this.seen = { position: head, lsn: row?.["lsn"] as string };
    }
    return driver.queryReplica(this.seen.lsn, statement, values);
  }
}
