import {
  checkInteger,
  type RowChange,
  type RowCondition,
  type RowKey,
  type RowReader,
  type RowScan,
  type RowTable,
  tableId,
} from "../event-store/index.js";
import type { SqlDriver, SqlSession, SqlValue } from "./driver.js";
import { toJsonObject } from "./json.js";
import { ReadGroup } from "./read-group.js";
import { buildConditions } from "./row-conditions.js";
import type { Schema } from "./schema.js";
import { setPlace } from "./sql-place.js";
import { SqlRowTransaction } from "./sql-row-transaction.js";
import { fromText, toText } from "./text.js";

/** Whether rows that a transaction reads or writes are kept from others until it ends. */
interface Claims {
  readonly claims: boolean;
}

const ofTable = "view = $1 AND version = $2 AND generation = $3";
const ofTenant = `${ofTable} AND tenant = $4`;

/** Rows of all read models in one table of PostgreSQL. */
export class SqlRowStore implements RowReader {
  private readonly driver: SqlDriver;
  private readonly schema: Schema;
  private readonly group: ReadGroup;
  private readonly sql: {
    readonly get: string;
    readonly getAll: string;
    readonly claim: string;
    readonly write: string;
    readonly drop: string;
  };

  constructor(driver: SqlDriver, schema: Schema) {
    this.group = new ReadGroup((table, keys) => this.readGroup(table, keys));
    this.driver = driver;
    this.schema = schema;
    const { sql } = schema;
    this.sql = {
      get: `SELECT data FROM ${sql}.rows WHERE ${ofTenant} AND key = $5`,
      getAll: `SELECT u.n, r.data FROM unnest($4::text[], $5::text[]) WITH ORDINALITY AS u (tenant, key, n)
        JOIN ${sql}.rows r ON r.tenant = u.tenant AND r.key = u.key WHERE ${ofTable}`,
      claim: `SELECT n, data FROM ${sql}.claim_rows($1, $2, $3, $4, $5)`,
      write: `SELECT ${sql}.write_rows($1, $2, $3, $4, $5, $6, $7, $8, $9)`,
      drop: `WITH gone AS (DELETE FROM ${sql}.rows WHERE ctid = ANY (ARRAY(
        SELECT ctid FROM ${sql}.rows WHERE ${ofTable} LIMIT $4 FOR UPDATE SKIP LOCKED)) RETURNING 1)
        SELECT count(*) AS n FROM gone`,
    };
  }

  get(table: RowTable, tenant: string, key: string): Promise<unknown> {
    return this.group.get(table, tenant, key);
  }

  async scan(
    table: RowTable,
    tenant: string,
    { conditions, after, limit }: RowScan,
  ): Promise<readonly { readonly key: string; readonly row: unknown }[]> {
    checkInteger("the limit of rows", limit);
    const values: SqlValue[] = [...toTable(table), toText(tenant)];
    let where = ofTenant + buildConditions(conditions, values);
    if (after !== undefined) where += ` AND key > $${values.push(toText(after))}`;
    const text = `SELECT key, data FROM ${this.schema.sql}.rows WHERE ${where} ORDER BY key LIMIT $${values.push(limit)}`;
    const rows = await this.driver.query({ text, repeatable: true }, values);
    return rows.map((row) => ({
      key: fromText(row["key"] as string),
      row: table.codec.decode(row["data"] as Uint8Array),
    }));
  }

  async count(table: RowTable, tenant: string, conditions: readonly RowCondition[]): Promise<number> {
    const values: SqlValue[] = [...toTable(table), toText(tenant)];
    const where = ofTenant + buildConditions(conditions, values);
    const [row] = await this.driver.query(
      { text: `SELECT count(*) AS n FROM ${this.schema.sql}.rows WHERE ${where}`, repeatable: true },
      values,
    );
    return Number(row?.["n"]);
  }

  /** The rows as the transaction of this session sees them. Its changes are to be written before the transaction ends. */
  begin(session: SqlSession, claims: Claims): SqlRowTransaction {
    const rows = new SqlRowTransaction(session, (table, keys) => this.readAll(session, table, keys, claims));
    setPlace(rows, { driver: this.driver, schema: this.schema });
    return rows;
  }

  async write(session: SqlSession, changes: readonly RowChange[], { claims }: Claims): Promise<void> {
    if (changes.length === 0) return;
    const tables = new Map<string, { readonly index: number; readonly table: RowTable }>();
    const indexes = changes.map(({ table }) => {
      const id = tableId(table);
      const known = tables.get(id) ?? { index: tables.size + 1, table };
      tables.set(id, known);
      return known.index;
    });
    const named = [...tables.values()].map(({ table }) => toTable(table));
    await session.query({ name: "potter_write_rows", text: this.sql.write }, [
      claims,
      named.map(([name]) => name),
      named.map(([, version]) => version),
      named.map(([, , generation]) => generation),
      indexes,
      changes.map(({ tenant }) => toText(tenant)),
      changes.map(({ key }) => toText(key)),
      changes.map(({ row }) => row?.bytes ?? null),
      changes.map(({ row }) => (row === undefined ? null : toJsonObject(row.fields))),
    ]);
  }

  /** Deletes at most `limit` rows of a table. false: none are left. */
  async drop(table: Omit<RowTable, "codec">, limit: number): Promise<boolean> {
    const { name, version, generation = 1 } = table;
    const [row] = await this.driver.query({ text: this.sql.drop }, [name, version, generation, limit]);
    return Number(row?.["n"]) > 0;
  }

  private async readGroup(table: RowTable, keys: readonly RowKey[]): Promise<readonly (Uint8Array | undefined)[]> {
    const [only, ...more] = keys;
    if (only === undefined || more.length > 0) return this.readAll(this.driver, table, keys, { claims: false });
    const statement = { name: "potter_get_row", text: this.sql.get, repeatable: true };
    const [row] = await this.driver.query(statement, [...toTable(table), toText(only.tenant), toText(only.key)]);
    return [row?.["data"] as Uint8Array | undefined];
  }

  private async readAll(session: SqlSession, table: RowTable, keys: readonly RowKey[], { claims }: Claims) {
    const statement = claims
      ? { name: "potter_claim_rows", text: this.sql.claim }
      : { name: "potter_get_rows", text: this.sql.getAll, repeatable: true };
    const rows = await session.query(statement, [
      ...toTable(table),
      keys.map(({ tenant }) => toText(tenant)),
      keys.map(({ key }) => toText(key)),
    ]);
    const found = new Array<Uint8Array | undefined>(keys.length);
    for (const row of rows) found[Number(row["n"]) - 1] = row["data"] as Uint8Array;
    return found;
  }
}

function toTable({ name, version, generation = 1 }: RowTable): [string, number, number] {
  return [name, version, generation];
}
