import type { CommandRecord, CommandReservation, RecordedCommand, ReservationResult } from "../../store/ports/index.js";
import type { Schema, SqlDriver, SqlRow } from "../driver/index.js";
import { GroupCommit, type Settled } from "../groups/index.js";
import { escapeNul } from "../values/index.js";
import { ReservationWrites, reservedPrefix } from "./reservation-writes.js";

/** A command, as columns. */
type CommandKey = readonly [tenant: string, id: string];

/** Recorded and reserved commands. Concurrent look-ups share statements. */
export class SqlCommands {
  private readonly driver: SqlDriver;
  private readonly finds: GroupCommit<CommandKey, SqlRow | undefined>;
  private readonly writes: ReservationWrites;
  private readonly sql: Readonly<Record<"find" | "findAll" | "record" | "release" | "read", string>>;

  constructor(driver: SqlDriver, schema: Schema) {
    const { sql } = schema;
    this.driver = driver;
    this.writes = new ReservationWrites(driver, schema);
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
      record: `INSERT INTO ${sql}.commands (tenant, id, request_hash, response, version) VALUES ($1, $2, $3, $4, 0)
        ON CONFLICT (id, tenant) DO NOTHING RETURNING true AS done`,
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

  async record(
    tenant: string,
    { id, requestHash, response }: CommandRecord,
    holder: string | undefined,
  ): Promise<boolean> {
    const key = { tenant: escapeNul(tenant), id: escapeNul(id) };
    if (holder !== undefined) return this.writes.record({ ...key, hash: requestHash, holder }, response);
    const statement = { name: "potter_record_command", text: this.sql.record };
    return (await this.driver.query(statement, [key.tenant, key.id, requestHash, response])).length > 0;
  }

  async reserve(
    tenant: string,
    { id, requestHash: hash, holder, lease }: CommandReservation,
  ): Promise<ReservationResult> {
    const read = { name: "potter_read_command", text: this.sql.read, repeatable: true };
    const key = { tenant: escapeNul(tenant), id: escapeNul(id) };
    for (;;) {
      if (await this.writes.reserve({ ...key, hash, holder }, lease)) return { kind: "reserved" };
      const [row] = await this.driver.query(read, [key.tenant, key.id]);
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
