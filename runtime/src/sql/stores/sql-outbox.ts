import { checkLease, checkLimit } from "../../store/checks/index.js";
import type { Outbox, OutboxBacklog, OutboxMessage, StreamId } from "../../store/ports/index.js";
import { AppendSignal } from "../../store/subscriptions/index.js";
import { retryTransient, type Schema, type SqlDriver } from "../driver/index.js";
import { escapeNul, eventColumns, toRecordedEvent } from "../values/index.js";

/** Messages to be sent. */
export class SqlOutbox implements Outbox {
  private readonly driver: SqlDriver;
  private readonly signal = new AppendSignal();
  private readonly sql: Readonly<Record<"lease" | "release" | "next" | "remove" | "backlog", string>>;

  constructor(driver: SqlDriver, { sql }: Schema) {
    this.driver = driver;
    this.sql = {
      lease: `UPDATE ${sql}.outbox_lease
        SET epoch = CASE WHEN owner = $1 AND until > clock_timestamp() THEN epoch ELSE epoch + 1 END,
          owner = $1, until = clock_timestamp() + $2::double precision * interval '1 millisecond'
        WHERE owner = $1 OR until <= clock_timestamp() RETURNING epoch`,
      release: `UPDATE ${sql}.outbox_lease SET until = '-infinity' WHERE owner = $1 AND epoch = $2`,
      next: `SELECT ${eventColumns} FROM ${sql}.outbox o
        WHERE NOT EXISTS (SELECT FROM unnest($2::text[], $3::text[], $4::text[]) AS k (tenant, type, id)
          WHERE k.tenant = o.tenant AND k.type = o.stream_type AND k.id = o.stream_id)
        ORDER BY pos LIMIT $1`,
      // The row of the lease stays locked until the messages are deleted, so no other process takes it over in between.
      remove: `WITH held AS (
          SELECT FROM ${sql}.outbox_lease WHERE epoch = $1 AND until > clock_timestamp() FOR UPDATE
        ), removed AS (
          DELETE FROM ${sql}.outbox WHERE pos = ANY($2::bigint[]) AND EXISTS (SELECT FROM held)
        )
        SELECT true AS held FROM held`,
      backlog: `SELECT count(*) AS waiting,
          coalesce(extract(epoch FROM clock_timestamp() - min(at)) * 1000, 0) AS age FROM ${sql}.outbox`,
    };
  }

  /** Notifies listeners of a new message. */
  notify(): void {
    this.signal.notify();
  }

  async lease(owner: string, milliseconds: number): Promise<number | undefined> {
    checkLease(milliseconds);
    const statement = { name: "potter_outbox_lease", text: this.sql.lease, repeatable: true };
    const [row] = await retryTransient(() => this.driver.query(statement, [escapeNul(owner), milliseconds]));
    return row && Number(row["epoch"]);
  }

  async release(owner: string, epoch: number): Promise<void> {
    const statement = { name: "potter_outbox_release", text: this.sql.release, repeatable: true };
    await this.driver.query(statement, [escapeNul(owner), epoch]);
  }

  async next(limit: number, except: readonly StreamId[]): Promise<readonly OutboxMessage[]> {
    checkLimit("messages", limit);
    const statement = { name: "potter_outbox_next", text: this.sql.next, repeatable: true };
    const rows = await this.driver.query(statement, [
      limit,
      except.map(({ tenant }) => escapeNul(tenant)),
      except.map(({ type }) => escapeNul(type)),
      except.map(({ id }) => escapeNul(id)),
    ]);
    return rows.map((row) => {
      const { bytes = new Uint8Array(), ...event } = toRecordedEvent(row);
      return { ...event, bytes };
    });
  }

  async remove(epoch: number, positions: readonly number[]): Promise<boolean> {
    const statement = { name: "potter_outbox_remove", text: this.sql.remove, repeatable: true };
    return (await retryTransient(() => this.driver.query(statement, [epoch, positions]))).length > 0;
  }

  async backlog(): Promise<OutboxBacklog> {
    const statement = { name: "potter_outbox_backlog", text: this.sql.backlog, repeatable: true };
    const [row] = await this.driver.query(statement, []);
    return { waiting: Number(row?.["waiting"]), oldestAge: Math.max(0, Number(row?.["age"])) };
  }

  onMessage(listener: () => void): () => void {
    return this.signal.listen(listener);
  }
}
