import { createPool, type Pool, type RowDataPacket } from "mysql2/promise";
import { type MariadbServer, startMariadbServer } from "../../../../scripts/mariadb-server.mjs";

/** Starts a server with an empty database `bank`; undefined, with a message, if none is available. */
export async function openMariadb(
  settings?: Readonly<Record<string, string | number>>,
): Promise<{ readonly server: MariadbServer; readonly url: string } | undefined> {
  try {
    const server = await startMariadbServer(settings && { settings });
    const admin = createPool(server.url);
    await admin.query("CREATE DATABASE bank");
    await admin.end();
    return { server, url: server.url.replace(/mysql$/, "bank") };
  } catch (error) {
    process.stderr.write(`*** SKIPPED: what needs MariaDB, which cannot be started: ${error}\n`);
    return undefined;
  }
}

/** The rows of a query. */
export async function readRows(pool: Pool, sql: string): Promise<readonly RowDataPacket[]> {
  const [rows] = await pool.query<RowDataPacket[]>(sql);
  return rows;
}
