import type { CommandRecord, CommandReservation, RecordedCommand, ReservationResult } from "../../store/ports/index.js";
import type { Schema, SqlDriver, SqlRow } from "../driver/index.js";
import { GroupCommit, type Settled } from "../groups/index.js";
import { escapeNul } from "../values/index.js";

/**
 * Prefix of the request hash of a reservation. A comparison with the hash of a request, such as in an append, then
 * reports another request.
 */
const reservedPrefix = "held ";

/** A command, as columns. */
type CommandKey = readonly [tenant: string, id: string];

/** Recorded and reserved commands. Concurrent look-ups share statements. */
export class SqlCommands {
  private readonly driver: SqlDriver;
  private readonly finds: GroupCommit<CommandKey, SqlRow | undefined>;
  private readonly sql: Readonly<Record<"find" | "findAll" | "record" | "reserve" | "release" | "read", string>>;

  constructor(driver: SqlDriver, { sql }: Schema) {
    this.driver = driver;
    const columns = "request_hash, response, version";
    const find = (tenant: string, id: string) =>
      `SELECT ${columns} FROM ${sql}.commands WHERE tenant = ${tenant} AND id = ${id} AND response IS NOT NULL`;
    this.finds = new GroupCommit(
      (keys) => this.findAll(keys),
      () => [],
      { patience: driver.patience, gather: driver.blocks },
    );
    this.sql = {
      find: find("$1", "$2"),
      // A subquery for each command: a join, planned for an empty table, would keep scanning all of it.
      findAll: `SELECT u.n, c.* FROM unnest($1::text[], $2::text[]) WITH ORDINALITY AS u (tenant, id, n)
        CROSS JOIN LATERAL (${find("u.tenant", "u.id")} OFFSET 0) c`,
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
    const row = await this.finds.run([escapeNul(tenant), escapeNul(id)]);
    return row && toRecorded(id, row);
  }

  private async findAll(keys: readonly CommandKey[]): Promise<readonly Settled<SqlRow | undefined>[]> {
    const [first = ["", ""]] = keys;
    if (keys.length === 1) {
      const statement = { name: "potter_find_command", text: this.sql.find, repeatable: true };
      const [result] = await this.driver.query(statement, [...first]);
      return [{ result }];
    }
    const statement = { name: "potter_find_commands", text: this.sql.findAll, repeatable: true };
    const rows = await this.driver.query(statement, [keys.map(([tenant]) => tenant), keys.map(([, id]) => id)]);
    const byNumber = new Map(rows.map((row) => [Number(row["n"]), row]));
    return keys.map((_, i) => ({ result: byNumber.get(i + 1) }));
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
