import type { Pool, PoolConnection, RowDataPacket } from "mysql2/promise";
import { retryDelay, sleep } from "../../async/index.js";
import { PotterError } from "../../errors/index.js";
import type { Participant } from "../../two-phase-commit/index.js";
import { fromRecoverRow, type RecoverRow, toXid } from "./xid.js";

/** The options of {@link mariadbParticipant}. */
export interface MariadbParticipantOptions {
  /** Name of the participant: 1 to 40 of `a`–`z`, `0`–`9`, `-`. Constant as long as transactions may be unfinished. */
  readonly name: string;
  /** Connections to the database: `createPool` of `mysql2/promise`. Each transaction closes one. */
  readonly pool: Pool;
}

/** There is no such branch, or another connection holds it. */
const unknownXid = "ER_XAER_NOTA";
/** The branch has written nothing, so the server rolled it back when its connection was closed. */
const rolledBack = "ER_XA_RBROLLBACK";

/** How often it asks for a branch that another connection still holds, which is about 5 s. */
const mostAttempts = 60;

/**
 * A MariaDB database as a participant in two-phase commit, by `XA`. The work uses the connection of its branch, and must neither
 * commit nor release it. Only transactional tables (InnoDB) are rolled back.
 */
export function mariadbParticipant({ name, pool }: MariadbParticipantOptions): Participant<PoolConnection> {
  return new MariadbParticipant(name, pool);
}

class MariadbParticipant implements Participant<PoolConnection> {
  readonly name: string;
  private readonly pool: Pool;
  /** Branches of this process that are not prepared yet. */
  private readonly branches = new Map<string, PoolConnection>();

  constructor(name: string, pool: Pool) {
    this.name = name;
    this.pool = pool;
  }

  async start(): Promise<void> {
    const [rows] = await this.pool.query<RowDataPacket[]>(
      "SELECT version() AS version, @@innodb_flush_log_at_trx_commit AS flush",
    );
    const version = String(rows[0]?.["version"]);
    const flush = Number(rows[0]?.["flush"]);
    const [, major, minor] = /^(?:5\.5\.5-)?(\d+)\.(\d+)/.exec(version) ?? [];
    const number = Number(major) * 100 + Number(minor);
    if (!/mariadb/i.test(version) || !(number >= 1005)) {
      throw this.refuse(
        `is ${version}: expected MariaDB 10.5 or later. Earlier versions roll back what is prepared when its connection ends`,
      );
    }
    if (flush !== 1) {
      throw this.refuse(
        `has innodb_flush_log_at_trx_commit = ${flush}, so a crash may lose what is prepared: set it to 1`,
      );
    }
  }

  async open(gid: string): Promise<PoolConnection> {
    const connection = await this.pool.getConnection();
    try {
      await connection.query(`XA START ${toXid(gid)}`);
    } catch (error) {
      connection.destroy();
      throw error;
    }
    this.branches.set(gid, connection);
    return connection;
  }

  async prepare(gid: string): Promise<void> {
    const connection = this.branches.get(gid);
    if (connection === undefined) {
      if ((await this.prepared(gid)).includes(gid)) return;
      throw new PotterError("failed_precondition", `participant ${this.name} has no open transaction ${gid}`);
    }
    await connection.query(`XA END ${toXid(gid)}`);
    await connection.query(`XA PREPARE ${toXid(gid)}`);
    this.close(gid);
  }

  async commit(gid: string): Promise<void> {
    await this.finish("COMMIT", gid);
  }

  async rollback(gid: string): Promise<void> {
    this.close(gid);
    await this.finish("ROLLBACK", gid);
  }

  async prepared(prefix: string): Promise<readonly string[]> {
    const [rows] = await this.pool.query<RowDataPacket[]>("XA RECOVER");
    const gids = rows.map((row) => fromRecoverRow(row as RowDataPacket & RecoverRow));
    return gids.filter((gid): gid is string => gid?.startsWith(prefix) === true);
  }

  /**
   * Closes the connection of a branch. A connection keeps its prepared branch from all others until it is closed. It must not
   * be reset instead: MariaDB 10.11 then reports that a later `XA COMMIT` has succeeded, and does not commit.
   */
  private close(gid: string): void {
    this.branches.get(gid)?.destroy();
    this.branches.delete(gid);
  }

  private async finish(action: "COMMIT" | "ROLLBACK", gid: string): Promise<void> {
    for (let attempt = 0; attempt < mostAttempts; attempt++) {
      try {
        await this.pool.query(`XA ${action} ${toXid(gid)}`);
        return;
      } catch (error) {
        const { code } = error as { readonly code?: unknown };
        if (code === rolledBack) return;
        if (code !== unknownXid) throw error;
        // The same error for a branch that was finished, and for one that a connection still holds.
        if (!(await this.prepared(gid)).includes(gid)) return;
      }
      await sleep(1 + retryDelay(attempt, { base: 2, cap: 200 }), undefined);
    }
    throw new PotterError(
      "unavailable",
      `a connection still holds the prepared branch ${gid} of participant ${this.name}: it can be finished when it is closed`,
    );
  }

  private refuse(what: string): PotterError {
    return new PotterError("failed_precondition", `the server of participant ${this.name} ${what}`);
  }
}
