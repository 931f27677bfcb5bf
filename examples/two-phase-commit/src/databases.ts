import { randomUUID } from "node:crypto";
import { createConnection, createPool, type Pool, type RowDataPacket } from "mysql2/promise";
import pg from "pg";

/** The databases of the two warehouses. */
export interface Databases {
  readonly north: pg.Pool;
  readonly south: Pool;
  /** The pieces of an article in both. */
  stockOf(sku: string): Promise<{ readonly north: number; readonly south: number }>;
  /** Closes the pools and drops both databases. */
  drop(): Promise<void>;
}

/** Creates a database on each of two servers: ten teapots in the north, room for a hundred pieces of an article in the south. */
export async function createDatabases(postgresUrl: string, mariadbUrl: string): Promise<Databases> {
  const name = `warehouse_${randomUUID().replaceAll("-", "")}`;
  const within = (url: string): string => Object.assign(new URL(url), { pathname: `/${name}` }).href;
  await onPostgres(postgresUrl, `CREATE DATABASE ${name}`);
  await onMariadb(mariadbUrl, `CREATE DATABASE ${name}`);
  const north = new pg.Pool({ connectionString: within(postgresUrl) });
  const south = createPool(within(mariadbUrl));

  await north.query("CREATE TABLE stock (sku text PRIMARY KEY, pieces int NOT NULL)");
  await north.query("CREATE TABLE moves (id text PRIMARY KEY, sku text NOT NULL, pieces int NOT NULL)");
  await north.query("INSERT INTO stock VALUES ('teapot', 10)");
  await south.query("CREATE TABLE stock (sku varchar(40) PRIMARY KEY, pieces int NOT NULL CHECK (pieces <= 100))");

  return {
    north,
    south,
    async stockOf(sku) {
      const { rows } = await north.query<{ pieces: number }>("SELECT pieces FROM stock WHERE sku = $1", [sku]);
      const [found] = await south.query<RowDataPacket[]>("SELECT pieces FROM stock WHERE sku = ?", [sku]);
      return { north: rows[0]?.pieces ?? 0, south: Number(found[0]?.["pieces"] ?? 0) };
    },
    async drop() {
      await Promise.all([north.end(), south.end()]);
      await onPostgres(postgresUrl, `DROP DATABASE ${name}`);
      await onMariadb(mariadbUrl, `DROP DATABASE ${name}`);
    },
  };
}

async function onPostgres(url: string, sql: string): Promise<void> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  await client.query(sql).finally(() => client.end());
}

async function onMariadb(url: string, sql: string): Promise<void> {
  const connection = await createConnection(url);
  await connection.query(sql).finally(() => connection.end());
}
