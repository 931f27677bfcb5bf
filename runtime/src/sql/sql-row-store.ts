import { PotterError } from "../errors/index.js";
import type {
  Checkpoint,
  RowChange,
  RowCondition,
  RowScan,
  RowStore,
  RowTable,
  RowTransaction,
} from "../event-store/index.js";
import type { SqlDriver, SqlRow, SqlSession, SqlValue } from "./driver.js";
import { toJsonObject } from "./json.js";
import { retryTransient } from "./retry.js";
import { buildConditions } from "./row-conditions.js";
import type { Schema } from "./schema.js";
import { SqlRowTransaction } from "./sql-row-transaction.js";
import { fromText, toText } from "./text.js";

/** Whether rows that a transaction reads or writes are kept from others until it ends. */
interface Claims {
  readonly claims: boolean;
}

const ofRow = "view = $1 AND version = $2 AND tenant = $3 AND key = $4";
const ofTable = "view = $1 AND version = $2 AND tenant = $3";

/** Rows of all read models in one table of PostgreSQL, and the checkpoints of their projections. */
export class SqlRowStore implements RowStore {
  private readonly driver: SqlDriver;
  private readonly schema: Schema;
  private readonly sql: { readonly get: string; readonly claim: string; readonly write: string; readonly move: string };

  constructor(driver: SqlDriver, schema: Schema) {
    this.driver = driver;
    this.schema = schema;
    this.sql = {
      get: `SELECT data FROM ${schema.sql}.rows WHERE ${ofRow}`,
      claim: `SELECT data FROM ${schema.sql}.claim_row($1, $2, $3, $4)`,
      write: `SELECT ${schema.sql}.write_rows($1, $2, $3, $4, $5, $6, $7)`,
      move: `UPDATE ${schema.sql}.projections SET pos = $4 WHERE name = $1 AND version = $2 AND pos = $3 RETURNING true AS moved`,
    };
  }

  get(table: RowTable, tenant: string, key: string): Promise<unknown> {
    return this.read(this.driver, table, tenant, key, { claims: false });
  }

  async scan(
    table: RowTable,
    tenant: string,
    { conditions, after, limit }: RowScan,
  ): Promise<readonly { readonly key: string; readonly row: unknown }[]> {
    const values: SqlValue[] = toTable(table, tenant);
    let where = ofTable + buildConditions(conditions, values);
    if (after !== undefined) where += ` AND key > $${values.push(toText(after))}`;
    const text = `SELECT key, data FROM ${this.schema.sql}.rows WHERE ${where} ORDER BY key LIMIT $${values.push(limit)}`;
    const rows = await this.driver.query({ text }, values);
    return rows.map((row) => ({
      key: fromText(row["key"] as string),
      row: table.codec.decode(row["data"] as Uint8Array),
    }));
  }

  async count(table: RowTable, tenant: string, conditions: readonly RowCondition[]): Promise<number> {
    const values: SqlValue[] = toTable(table, tenant);
    const where = ofTable + buildConditions(conditions, values);
    const [row] = await this.driver.query(
      { text: `SELECT count(*) AS n FROM ${this.schema.sql}.rows WHERE ${where}` },
      values,
    );
    return Number(row?.["n"]);
  }

  register(name: string, version: number): Promise<Checkpoint> {
    return this.change(async (session) => {
      const text = `INSERT INTO ${this.schema.sql}.projections AS p (name, version, pos, state)
        VALUES ($1, $2, 0, CASE WHEN EXISTS (SELECT FROM ${this.schema.sql}.projections o WHERE o.name = $1)
          THEN 'building' ELSE 'live' END)
        ON CONFLICT (name, version) DO UPDATE SET pos = p.pos RETURNING name, version, pos, state`;
      const [row] = await session.query({ text }, [name, version]);
      return toCheckpoint(row as SqlRow);
    });
  }

  async live(name: string): Promise<Checkpoint | undefined> {
    const text = `SELECT name, version, pos, state FROM ${this.schema.sql}.projections WHERE name = $1 AND state = 'live'`;
    const [row] = await this.driver.query({ name: "potter_live", text }, [name]);
    return row && toCheckpoint(row);
  }

  commit(
    move: { readonly name: string; readonly version: number; readonly from: number; readonly to: number },
    apply: (transaction: RowTransaction) => Promise<void>,
  ): Promise<boolean> {
    return retryTransient(() =>
      this.driver.transaction(async (session) => {
        // First, since it lets in one worker at a time: the next one waits here, and then finds the position moved.
        const values = [move.name, move.version, move.from, move.to];
        const moved = await session.query({ name: "potter_move", text: this.sql.move }, values);
        if (moved.length === 0) return false;
        const rows = this.begin(session, { claims: false });
        await apply(rows);
        await this.write(session, rows.changes, { claims: false });
        return true;
      }),
    );
  }

  promote(name: string, version: number): Promise<void> {
    return this.change(async (session) => {
      const { sql } = this.schema;
      const retire = `UPDATE ${sql}.projections SET state = 'retired' WHERE name = $1 AND state = 'live'`;
      await session.query({ text: retire }, [name]);
      const promote = `UPDATE ${sql}.projections SET state = 'live' WHERE name = $1 AND version = $2 RETURNING true AS found`;
      const found = await session.query({ text: promote }, [name, version]);
      if (found.length === 0) {
        throw new PotterError(
          "failed_precondition",
          `version ${version} of the projection ${name} was never registered`,
        );
      }
    });
  }

  /** The rows as the transaction of this session sees them. Its changes are to be written before the transaction ends. */
  begin(session: SqlSession, claims: Claims): SqlRowTransaction {
    return new SqlRowTransaction(session, (table, tenant, key) => this.read(session, table, tenant, key, claims));
  }

  async write(session: SqlSession, changes: readonly RowChange[], { claims }: Claims): Promise<void> {
    if (changes.length === 0) return;
    await session.query({ name: "potter_write_rows", text: this.sql.write }, [
      claims,
      changes.map(({ table }) => table.name),
      changes.map(({ table }) => table.version),
      changes.map(({ tenant }) => toText(tenant)),
      changes.map(({ key }) => toText(key)),
      changes.map(({ row }) => row?.bytes ?? null),
      changes.map(({ row }) => (row === undefined ? null : toJsonObject(row.fields))),
    ]);
  }

  private async read(session: SqlSession, table: RowTable, tenant: string, key: string, { claims }: Claims) {
    const statement = claims
      ? { name: "potter_claim_row", text: this.sql.claim }
      : { name: "potter_get_row", text: this.sql.get };
    const [row] = await session.query(statement, [...toTable(table, tenant), toText(key)]);
    return row && table.codec.decode(row["data"] as Uint8Array);
  }

  /** Changes which versions there are, one process at a time. */
  private change<T>(work: (session: SqlSession) => Promise<T>): Promise<T> {
    return retryTransient(() =>
      this.driver.transaction(async (session) => {
        await session.script(`SELECT pg_advisory_xact_lock(${this.schema.changes}, ${this.schema.lock})`);
        return work(session);
      }),
    );
  }
}

function toTable({ name, version }: RowTable, tenant: string): [string, number, string] {
  return [name, version, toText(tenant)];
}

function toCheckpoint(row: SqlRow): Checkpoint {
  return {
    name: row["name"] as string,
    version: Number(row["version"]),
    position: Number(row["pos"]),
    state: row["state"] as Checkpoint["state"],
  };
}
