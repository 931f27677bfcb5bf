import type { CommandRecord, CommandReservation, RecordedCommand, ReservationResult } from "../../store/ports/index.js";
import type { Schema, SqlDriver, SqlRow } from "../driver/index.js";
import { escapeNul } from "../values/index.js";

/**
 * Prefix of the request hash of a reservation. A comparison with the hash of a request, such as in an append, then
 * reports another request.
 */
const reservedPrefix = "held ";

/** Recorded and reserved commands. */
export class SqlCommands {
  private readonly driver: SqlDriver;
  private readonly sql: Readonly<Record<"find" | "record" | "reserve" | "release" | "read", string>>;

  constructor(driver: SqlDriver, { sql }: Schema) {
    this.driver = driver;
    const columns = "request_hash, response, version";
    this.sql = {
      find: `SELECT ${columns} FROM ${sql}.commands WHERE tenant = $1 AND id = $2 AND response IS NOT NULL`,
      read: `SELECT ${columns} FROM ${sql}.commands WHERE tenant = $1 AND id = $2`,
      record: `INSERT INTO ${sql}.commands AS c (tenant, id, request_hash, response, version) VALUES ($1, $2, $3, $4, 0)
        ON CONFLICT (id, tenant) DO UPDATE
        SET request_hash = excluded.request_hash, response = excluded.response, reserved_by = NULL, reserved_until = NULL, at = excluded.at
        WHERE c.response IS NULL AND c.reserved_by = $5::uuid
        RETURNING true AS done`,
      // The row of a reservation becomes the record, so a transaction that waits for its lock sees the current kind.
      reserve: `INSERT INTO ${sql}.commands AS c (tenant, id, request_hash, version, reserved_by, reserved_until)
        VALUES ($1, $2, $3, 0, $4::uuid, clock_timestamp() + $5::double precision * interval '1 millisecond')
        ON CONFLICT (id, tenant) DO UPDATE SET reserved_by = excluded.reserved_by, reserved_until = excluded.reserved_until
        WHERE c.response IS NULL AND c.request_hash = excluded.request_hash
          AND (c.reserved_by = excluded.reserved_by OR c.reserved_until < clock_timestamp())
        RETURNING true AS done`,
      release: `DELETE FROM ${sql}.commands WHERE tenant = $1 AND id = $2 AND response IS NULL AND reserved_by = $3::uuid`,
    };
  }

  async find(tenant: string, id: string): Promise<RecordedCommand | undefined> {
    const statement = { name: "potter_find_command", text: this.sql.find, repeatable: true };
    const [row] = await this.driver.query(statement, [escapeNul(tenant), escapeNul(id)]);
    return row && toRecorded(id, row);
  }

  /** With a holder it is safe to send twice: the second call changes nothing. */
  async record(
    tenant: string,
    { id, requestHash, response }: CommandRecord,
    holder: string | undefined,
  ): Promise<boolean> {
    const statement = { name: "potter_record_command", text: this.sql.record, repeatable: holder !== undefined };
    const values = [escapeNul(tenant), escapeNul(id), requestHash, response, holder ?? null];
    return (await this.driver.query(statement, values)).length > 0;
  }

  async reserve(tenant: string, { id, requestHash, holder, lease }: CommandReservation): Promise<ReservationResult> {
    const statement = { name: "potter_reserve_command", text: this.sql.reserve, repeatable: true };
    const read = { name: "potter_read_command", text: this.sql.read, repeatable: true };
    const key = [escapeNul(tenant), escapeNul(id)];
    for (;;) {
      const done = await this.driver.query(statement, [...key, `${reservedPrefix}${requestHash}`, holder, lease]);
      if (done.length > 0) return { kind: "reserved" };
      const [row] = await this.driver.query(read, key);
      // Its holder has just released it.
      if (row === undefined) continue;
      if (row["response"] !== null) return { kind: "recorded", command: toRecorded(id, row) };
      return { kind: "reserved_by_other", requestHash: (row["request_hash"] as string).slice(reservedPrefix.length) };
    }
  }

  async release(tenant: string, id: string, holder: string): Promise<void> {
    const statement = { name: "potter_release_command", text: this.sql.release, repeatable: true };
    await this.driver.query(statement, [escapeNul(tenant), escapeNul(id), holder]);
  }
}

function toRecorded(id: string, row: SqlRow): RecordedCommand {
  return {
    id,
    requestHash: row["request_hash"] as string,
    response: row["response"] as Uint8Array,
    version: Number(row["version"]),
  };
}
