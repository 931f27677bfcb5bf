import { PotterError } from "../../errors/index.js";
import type {
  ApplyCheckpoint,
  CheckpointCommit,
  CheckpointMove,
  DeadLetterChange,
  Lease,
} from "../../store/ports/index.js";
import {
  isRefusedData,
  retryTransient,
  type Schema,
  type SqlDriver,
  type SqlSession,
  type SqlValue,
} from "../driver/index.js";
import { type DetachedRows, KeptRows, type SqlRowStore, toContents, toPlaces } from "../rows/index.js";
import type { SqlDeadLetters } from "./sql-dead-letters.js";

const noRows: DetachedRows["known"] = new Map();
const ofShard = "name = $1 AND version = $2 AND generation = $3 AND shard = $4";

/** Limit of the rows that are kept for the next commits, in bytes. */
const keptBytes = 32 * 1024 * 1024;

/**
 * Commits checkpoints together with the rows of their batch. If no other shard changes the rows, the handlers run first, and one
 * statement moves the checkpoint and writes the rows, on condition that the checkpoint is where it was when they were read. Otherwise,
 * and if handlers ask for the transaction, they run within it.
 */
export class CheckpointCommits {
  private readonly driver: SqlDriver;
  private readonly rows: SqlRowStore;
  private readonly deadLetters: SqlDeadLetters;
  private readonly kept = new KeptRows(keptBytes);
  private readonly sql: Readonly<Record<"move" | "put" | "change", string>>;

  constructor(driver: SqlDriver, { sql }: Schema, rows: SqlRowStore, deadLetters: SqlDeadLetters) {
    this.driver = driver;
    this.rows = rows;
    this.deadLetters = deadLetters;
    const move = (returning: string) => `UPDATE ${sql}.projection_shards SET pos = $7,
        lease_until = CASE WHEN $8::bigint IS NULL THEN lease_until ELSE clock_timestamp() + $8::bigint * interval '1 millisecond' END
      WHERE ${ofShard} AND epoch = $5 AND pos = $6 RETURNING ${returning}`;
    // Within subqueries, since the planner would look at the arrays otherwise, and plan the statement for each call.
    const arrays = ["integer", "text", "text", "bytea", "text"].map((type, i) => `(SELECT $${12 + i}::${type}[])`);
    const changes = `unnest(${arrays.join(", ")})`;
    // Rows are changed by key, or by their place as found by key: a plan with a join, prepared for an empty table, would keep
    // scanning all of it.
    const put = `INSERT INTO ${sql}.rows (view, version, generation, tenant, key, data, fields)
      SELECT ($9::text[])[u.t], ($10::integer[])[u.t], ($11::integer[])[u.t], u.tenant, u.key, u.data, u.fields::jsonb
      FROM ${changes} AS u (t, tenant, key, data, fields)
      WHERE u.data IS NOT NULL AND EXISTS (SELECT FROM moved)
      ON CONFLICT (view, version, generation, tenant, key) DO UPDATE SET data = excluded.data, fields = excluded.fields`;
    const remove = `DELETE FROM ${sql}.rows WHERE EXISTS (SELECT FROM moved) AND ctid = ANY (ARRAY(
      SELECT (SELECT r.ctid FROM ${sql}.rows r WHERE r.view = ($9::text[])[u.t] AND r.version = ($10::integer[])[u.t]
        AND r.generation = ($11::integer[])[u.t] AND r.tenant = u.tenant AND r.key = u.key)
      FROM ${changes} AS u (t, tenant, key, data, fields) WHERE u.data IS NULL))`;
    // A process that hangs within the transaction holds the shard. A slow process has four times the lease; then the server ends
    // its transaction.
    const patience = "set_config('idle_in_transaction_session_timeout', ($8::bigint * 4)::text, true)";
    this.sql = {
      move: move(`CASE WHEN $8::bigint IS NOT NULL THEN ${patience} END AS patience`),
      put: `WITH moved AS (${move("pos")}), put AS (${put}) SELECT pos FROM moved`,
      change: `WITH moved AS (${move("pos")}), put AS (${put}), gone AS (${remove}) SELECT pos FROM moved`,
    };
  }

  /** Notes that a shard was acquired here. */
  acquired(lease: Lease): void {
    this.kept.acquired(lease, this.driver.losses);
  }

  /** Notes that a shard was released. */
  released(lease: Omit<Lease, "position" | "epoch">): void {
    this.kept.forget(lease);
  }

  /** Notes that a checkpoint was moved without changing rows. */
  advanced(move: CheckpointMove): void {
    const { losses } = this.driver;
    const kept = this.kept.at(move, losses);
    if (kept !== undefined) this.kept.moved(move, kept, losses, noRows);
  }

  async commit(move: CheckpointCommit, apply: ApplyCheckpoint): Promise<boolean> {
    const early = move.lockRows === true ? undefined : await this.early(move, apply);
    return early ?? this.within(move, apply);
  }

  /** Runs the handlers before the transaction. undefined: they must run within it. */
  private async early(move: CheckpointCommit, apply: ApplyCheckpoint): Promise<boolean | undefined> {
    const { losses } = this.driver;
    const kept = this.kept.at(move, losses);
    if (kept?.needsTransaction === true) return undefined;
    const rows = this.rows.detached(kept?.recall ?? (() => undefined));
    let deadLetters: readonly DeadLetterChange[];
    try {
      deadLetters = await apply(rows);
    } catch (error) {
      if (rows.needed === undefined) throw error;
      deadLetters = [];
    }
    // Another server may lack rows that were read.
    if (rows.needed !== undefined || this.driver.losses !== losses) return undefined;
    // Forgotten first: the outcome may remain unknown.
    if (kept !== undefined) this.kept.forget(move);
    const writing = deadLetters.length === 0 ? this.write(move, rows) : this.writeWith(move, rows, deadLetters);
    const isMoved = await writing.catch((error: unknown) => {
      throw asInvalid(error);
    });
    if (isMoved) this.kept.moved(move, kept, losses, rows.known);
    return isMoved;
  }

  private async write(move: CheckpointCommit, { changes }: DetachedRows): Promise<boolean> {
    const values = bind(move);
    let statement = { name: "potter_commit_checkpoint", text: this.sql.move };
    if (changes.length > 0) {
      const deletes = changes.some(({ row }) => row === undefined);
      values.push(...toPlaces(changes), ...toContents(changes));
      statement = deletes
        ? { name: "potter_commit_changes", text: this.sql.change }
        : { name: "potter_commit_rows", text: this.sql.put };
    }
    return (await retryTransient(() => this.driver.query(statement, values))).length > 0;
  }

  /** Writes rows together with dead letters, which takes several statements. */
  private writeWith(
    move: CheckpointCommit,
    { changes }: DetachedRows,
    deadLetters: readonly DeadLetterChange[],
  ): Promise<boolean> {
    return this.transact(move, async (session) => {
      await this.rows.writeChanges(session, changes);
      await this.deadLetters.change(session, move, deadLetters);
    });
  }

  /** Runs the handlers within the transaction. */
  private async within(move: CheckpointCommit, apply: ApplyCheckpoint): Promise<boolean> {
    const locks = move.lockRows === true ? this.rows.newLocks() : undefined;
    let isApplied = false;
    const { losses } = this.driver;
    const isMoved = await this.transact(move, async (session) => {
      isApplied = false;
      const rows = await this.rows.begin(session, locks);
      const deadLetters = await apply(rows);
      isApplied = true;
      await this.rows.write(rows);
      await this.deadLetters.change(session, move, deadLetters);
    }).catch((error: unknown) => {
      throw isApplied ? asInvalid(error) : error;
    });
    if (isMoved && move.lockRows !== true) this.kept.movedWithin(move, losses);
    return isMoved;
  }

  /** Moves the checkpoint first, since that serializes workers: the next one waits, and then finds a changed position. */
  private transact(move: CheckpointCommit, work: (session: SqlSession) => Promise<void>): Promise<boolean> {
    const values = bind(move);
    return retryTransient(() =>
      this.driver.transaction(async (session) => {
        const moved = await session.query({ name: "potter_commit_checkpoint", text: this.sql.move }, values);
        if (moved.length > 0) await work(session);
        return moved.length > 0;
      }),
    );
  }
}

function bind(move: CheckpointCommit): SqlValue[] {
  const { name, version, generation, shard, epoch, from, to, lease } = move;
  return [name, version, generation, shard, epoch, from, to, lease === undefined ? null : Math.ceil(lease)];
}

/** The error of a transaction whose changes can never be committed. */
function asInvalid(error: unknown): unknown {
  if (!isRefusedData(error)) return error;
  return new PotterError("invalid_argument", "the database refused to keep what was applied", { cause: error });
}
