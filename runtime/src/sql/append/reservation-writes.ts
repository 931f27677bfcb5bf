import { type Schema, SqlArray, type SqlDriver, type SqlElement, type SqlValue } from "../driver/index.js";
import { GroupCommit, type Settled, settle } from "../groups/index.js";
import { groupPatience } from "../migrations/index.js";
import { commandKey } from "./append-values.js";

/**
 * Prefix of the request hash of a reservation. A comparison with the hash of a request, such as in an append, then
 * reports another request.
 */
export const reservedPrefix = "held ";

/** What is written about the reservation of a command. */
interface ReservationWrite {
  readonly tenant: string;
  readonly id: string;
  readonly hash: string;
  readonly holder: string;
  /** How long the command is reserved, in milliseconds, or its response. */
  readonly value: number | Uint8Array;
}

/** One kind of writes: the statement for one of them, and the one for several. */
interface Kind {
  readonly name: string;
  readonly type: SqlElement & ("int8" | "bytea");
  readonly one: string;
  readonly all: string;
}

// Evaluated once, before anything else. A slow transaction with one command must not hold up the others.
const ready = `(SELECT set_config('lock_timeout', '${groupPatience}', true) IS NOT NULL)`;
const until = (lease: string) => `clock_timestamp() + ${lease} * interval '1 millisecond'`;

/**
 * Reserves commands and records their responses, those of concurrent callers together. All of it may be sent twice: the second call
 * changes nothing.
 */
export class ReservationWrites {
  private readonly driver: SqlDriver;
  private readonly reserves: GroupCommit<ReservationWrite, boolean>;
  private readonly records: GroupCommit<ReservationWrite, boolean>;

  constructor(driver: SqlDriver, { sql }: Schema) {
    this.driver = driver;
    const insert = `INSERT INTO ${sql}.commands AS c (tenant, id, request_hash, version`;
    const reserved = `ON CONFLICT (id, tenant) DO UPDATE SET reserved_by = excluded.reserved_by, reserved_until = excluded.reserved_until
      WHERE c.response IS NULL AND c.request_hash = excluded.request_hash
        AND (c.reserved_by = excluded.reserved_by OR c.reserved_until < clock_timestamp())`;
    const recorded = `ON CONFLICT (id, tenant) DO UPDATE
      SET request_hash = excluded.request_hash, response = excluded.response, reserved_by = NULL, reserved_until = NULL, at = excluded.at
      WHERE c.response IS NULL AND c.reserved_by =`;
    const several = (text: string) => `WITH done AS (${text} RETURNING c.tenant, c.id)
      SELECT CASE WHEN count(*) < $6::integer THEN coalesce(jsonb_agg(jsonb_build_array(tenant, id)), '[]') END AS done FROM done`;
    const values = (type: string) => `FROM unnest((SELECT $1::text[]), (SELECT $2::text[]), (SELECT $3::text[]),
        (SELECT $4::uuid[]), (SELECT $5::${type}[])) AS u (tenant, id, hash, holder, value)`;
    this.reserves = this.group({
      name: "reserve",
      type: "int8",
      // The row of a reservation becomes the record, so a transaction that waits for its lock sees the current kind.
      one: `${insert}, reserved_by, reserved_until) VALUES ($1, $2, $3, 0, $4::uuid, ${until("$5::double precision")})
        ${reserved} RETURNING true AS done`,
      all: several(`${insert}, reserved_by, reserved_until)
        SELECT tenant, id, hash, 0, holder, ${until("value")} ${values("bigint")}
        WHERE ${ready} ORDER BY id, tenant ${reserved}`),
    });
    this.records = this.group({
      name: "record",
      type: "bytea",
      one: `${insert}, response) VALUES ($1, $2, $3, 0, $5) ${recorded} $4::uuid RETURNING true AS done`,
      // What is not reserved any more is left to the statement above: this one would insert the holder as well.
      all: several(`${insert}, response, reserved_by)
        SELECT tenant, id, hash, 0, value, holder ${values("bytea")}
        WHERE ${ready}
          AND (SELECT r.reserved_by FROM ${sql}.commands r WHERE r.tenant = u.tenant AND r.id = u.id) = holder
        ORDER BY id, tenant ${recorded} excluded.reserved_by`),
    });
  }

  /** Reserves a command, or extends its reservation. false: it is recorded, or reserved by another holder or for another request. */
  reserve(command: Omit<ReservationWrite, "value">, lease: number): Promise<boolean> {
    return this.reserves.run({ ...command, hash: `${reservedPrefix}${command.hash}`, value: lease });
  }

  /** Records a response. false: the command is recorded already, or reserved by another holder. */
  record(command: Omit<ReservationWrite, "value">, response: Uint8Array): Promise<boolean> {
    return this.records.run({ ...command, value: response });
  }

  private group(kind: Kind): GroupCommit<ReservationWrite, boolean> {
    const { patience, blocks: gather } = this.driver;
    const keysOf = ({ tenant, id }: ReservationWrite) => [commandKey(tenant, id)];
    const sizeOf = ({ value }: ReservationWrite) => (typeof value === "number" ? 0 : value.length);
    return new GroupCommit((writes) => this.send(kind, writes), keysOf, { patience, gather, sizeOf });
  }

  private async send(kind: Kind, writes: readonly ReservationWrite[]): Promise<readonly Settled<boolean>[]> {
    const alone = (some: readonly ReservationWrite[]) =>
      Promise.all(some.map((write) => settle(() => this.sendOne(kind, write))));
    if (writes.length === 1) return alone(writes);
    let done: readonly (readonly [string, string])[] | null;
    try {
      done = await this.sendAll(kind, writes);
    } catch {
      // One of them has waited for another transaction, or was refused.
      return alone(writes);
    }
    if (done === null) return writes.map(() => ({ result: true }));
    const written = new Set(done.map(([tenant, id]) => commandKey(tenant, id)));
    const left = writes.filter(({ tenant, id }) => !written.has(commandKey(tenant, id)));
    const rest = new Map((await alone(left)).map((settled, i) => [left[i], settled]));
    return writes.map((write) => rest.get(write) ?? { result: true });
  }

  private async sendOne({ name, one }: Kind, write: ReservationWrite): Promise<boolean> {
    const { tenant, id, hash, holder, value } = write;
    const statement = { name: `potter_${name}_command`, text: one, repeatable: true };
    return (await this.driver.query(statement, [tenant, id, hash, holder, value])).length > 0;
  }

  /** Returns the tenants and ids of those that were written; null: all were. */
  private async sendAll({ name, type, all }: Kind, writes: readonly ReservationWrite[]) {
    const column = (element: SqlElement, key: keyof ReservationWrite): SqlValue =>
      new SqlArray(
        element,
        writes.map((write) => write[key]),
      );
    const columns = [
      column("text", "tenant"),
      column("text", "id"),
      column("text", "hash"),
      column("uuid", "holder"),
      column(type, "value"),
    ];
    const statement = { name: `potter_${name}_commands`, text: all, repeatable: true };
    const [row] = await this.driver.query(statement, [...columns, writes.length]);
    return row?.["done"] as readonly (readonly [string, string])[] | null;
  }
}
