import type { Pool, PoolClient } from "pg";
import { PotterError } from "../../../errors/index.js";
import { heldByAnyAppender } from "../../../sql/index.js";
import type { Participant } from "../../../two-phase-commit/index.js";

/** The options of {@link postgresParticipant}. */
export interface PostgresParticipantOptions {
  /** Name of the participant: 1 to 40 of `a`–`z`, `0`–`9`, `-`. Constant as long as transactions may be unfinished. */
  readonly name: string;
  /** Connections to the database, as the user that also recovers: only this user, or a superuser, may finish its branches. */
  readonly pool: Pool;
}

/** The codes of PostgreSQL that it distinguishes. */
const undefinedObject = "42704";
/** Of the number of a transaction that the server has not reached. */
const invalidParameter = "22023";

interface Branch {
  readonly client: PoolClient;
  /** The number of its transaction. */
  readonly number: string;
}

/**
 * A PostgreSQL database as a participant in two-phase commit, by `PREPARE TRANSACTION`. The work uses the client of its branch: a
 * connection within a transaction, which it must neither commit nor release. The server needs `max_prepared_transactions`
 * of at least the number of transactions that run at the same time.
 */
export function postgresParticipant({ name, pool }: PostgresParticipantOptions): Participant<PoolClient> {
  return new PostgresParticipant(name, pool);
}

class PostgresParticipant implements Participant<PoolClient> {
  readonly name: string;
  private readonly pool: Pool;
  /** Branches of this process that are not prepared yet. */
  private readonly branches = new Map<string, Branch>();
  /** Those of them whose `PREPARE TRANSACTION` was sent, so that they may be prepared whatever the answer is. */
  private readonly preparing = new Set<string>();

  constructor(name: string, pool: Pool) {
    this.name = name;
    this.pool = pool;
  }

  async start(): Promise<void> {
    const { rows } = await this.pool.query<{ most: string }>(
      "SELECT current_setting('max_prepared_transactions') AS most",
    );
    if (Number(rows[0]?.most) > 0) return;
    throw new PotterError(
      "failed_precondition",
      `the server of participant ${this.name} has max_prepared_transactions = 0, so it cannot prepare a transaction: ` +
        "set it to at least max_connections in postgresql.conf and restart the server",
    );
  }

  async open(gid: string): Promise<PoolClient> {
    const client = await this.pool.connect();
    // A lost connection is reported by the next query; without a listener it would end the process.
    client.on("error", ignore);
    try {
      // In one message. `txid_current` assigns the number, which shows for long how the transaction has ended.
      const results: unknown = await client.query("BEGIN; SELECT txid_current() AS number");
      const [, { rows }] = results as readonly [unknown, { readonly rows: readonly { readonly number: string }[] }];
      this.branches.set(gid, { client, number: String(rows[0]?.number) });
      return client;
    } catch (error) {
      release(client, true);
      throw error;
    }
  }

  markOf(gid: string): string | undefined {
    return this.branches.get(gid)?.number;
  }

  async prepare(gid: string): Promise<void> {
    const branch = this.branches.get(gid);
    if (branch === undefined) {
      if ((await this.prepared(gid)).includes(gid)) return;
      throw new PotterError("failed_precondition", `participant ${this.name} has no open transaction ${gid}`);
    }
    const { client } = branch;
    await this.check(branch);
    if (this.branches.has(gid)) this.preparing.add(gid);
    const { command } = await client.query(`PREPARE TRANSACTION ${quote(gid)}`);
    // A transaction that has failed, or that the work has ended, is rolled back by PREPARE, without an error.
    if (command !== "PREPARE") throw this.endedEarly();
    this.preparing.delete(gid);
    if (this.branches.delete(gid)) release(client, false);
  }

  async commit(gid: string, mark?: string): Promise<void> {
    await this.finish("COMMIT", gid, mark);
  }

  async rollback(gid: string, mark?: string): Promise<void> {
    const client = this.branches.get(gid)?.client;
    if (client !== undefined) {
      this.branches.delete(gid);
      // Closed, not reused: work that still runs must not write outside of the transaction.
      release(client, true);
      // Otherwise the server would log an error for every transaction whose work fails.
      if (!this.preparing.delete(gid)) return;
    }
    await this.finish("ROLLBACK", gid, mark);
  }

  async prepared(prefix: string): Promise<readonly string[]> {
    const { rows } = await this.pool.query<{ gid: string }>(
      "SELECT gid FROM pg_prepared_xacts WHERE database = current_database() AND starts_with(gid, $1)",
      [prefix],
    );
    return rows.map(({ gid }) => gid);
  }

  private async finish(action: "COMMIT" | "ROLLBACK", gid: string, mark: string | undefined): Promise<void> {
    try {
      await this.pool.query(`${action} PREPARED ${quote(gid)}`);
    } catch (error) {
      // It was finished earlier. While another session finishes it, the error is another one.
      if (codeOf(error) !== undefinedObject) throw error;
      if (mark !== undefined) await this.checkEnd(action, gid, mark);
    }
  }

  private endedEarly(): PotterError {
    return new PotterError(
      "aborted",
      `the transaction of participant ${this.name} had failed or ended before it was prepared: the work must not ` +
        "continue after an error of a statement, nor send COMMIT or ROLLBACK",
    );
  }

  /** Checks how a branch has ended that is not prepared any more. */
  private async checkEnd(action: "COMMIT" | "ROLLBACK", gid: string, number: string): Promise<void> {
    const status = await this.statusOf(number);
    const branch = `the branch ${gid} of participant ${this.name}`;
    if (action === "ROLLBACK") {
      if (status !== "committed") return;
      throw new PotterError(
        "data_loss",
        `${branch} was committed by somebody else, although it was decided to roll back`,
      );
    }
    if (status === "in progress") throw new PotterError("unavailable", `${branch} is not prepared yet`);
    // The server remembers the last transactions, at least 200 million in its default settings.
    if (status === "committed" || status === undefined) return;
    const how =
      status === "unknown"
        ? "is not known to the server, which was restored to an earlier time or has lost it in a failover"
        : "was rolled back by somebody else";
    throw new PotterError("data_loss", `${branch} ${how}, although it was decided to commit`);
  }

  /** How a transaction has ended: `committed`, `aborted`, `in progress`; `unknown`: there was none; undefined: it is too old. */
  private async statusOf(number: string): Promise<string | undefined> {
    try {
      const { rows } = await this.pool.query<{ status: string | null }>("SELECT txid_status($1::bigint) AS status", [
        number,
      ]);
      return rows[0]?.status ?? undefined;
    } catch (error) {
      if (codeOf(error) === invalidParameter) return "unknown";
      throw error;
    }
  }

  /** Checks what is about to be prepared: it is the transaction that was opened, and has appended no events. */
  private async check({ client, number }: Branch): Promise<void> {
    const { rows } = await client.query<{ number: string; appends: boolean }>(
      `SELECT txid_current() AS number,
        EXISTS (SELECT FROM pg_locks WHERE pid = pg_backend_pid() AND ${heldByAnyAppender}) AS appends`,
    );
    if (String(rows[0]?.number) !== number) throw this.endedEarly();
    // Readers of events wait for every append that is open, and a prepared one may be open for long.
    if (rows[0]?.appends !== true) return;
    throw new PotterError(
      "failed_precondition",
      `the transaction of participant ${this.name} has appended events of Potter: all readers of the log would wait until it is ` +
        "committed. Send a command after the transaction, or use a saga",
    );
  }
}

function codeOf(error: unknown): unknown {
  return (error as { readonly code?: unknown }).code;
}

function ignore(): void {}

function release(client: PoolClient, close: boolean): void {
  // A connection that is being closed may still report an error.
  if (!close) client.off("error", ignore);
  client.release(close);
}

function quote(text: string): string {
  return `'${text.replaceAll("'", "''")}'`;
}
