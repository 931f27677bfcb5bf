import { randomUUID } from "node:crypto";
import { readdirSync, readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import pg from "pg";
import { deposit } from "../deposits.mjs";

export const contenders = [{ name: "message-db 1.3", open }];

/** Its package is the SQL: functions that are called here by prepared statements. It locks a whole category to append. */
async function open({ url, connections }) {
  const pool = new pg.Pool({ connectionString: url, max: connections, options: "-c search_path=message_store,public" });
  await install(pool);
  const write = { name: "write", text: "SELECT write_message($1, $2, $3, $4, NULL, $5) AS position" };
  const read = { name: "read", text: "SELECT * FROM get_stream_messages($1, 0, -1)" };
  const append = async (on, stream, position, n) => {
    const values = [randomUUID(), `account-${stream}`, "Deposited", JSON.stringify(deposit(stream, n)), position - 1];
    const { rows } = await on.query({ ...write, values });
    return Number(rows[0].position) + 1;
  };
  return {
    async append(stream, expected, count, from) {
      if (count === 1) return append(pool, stream, expected, from);
      // Several messages are written by several calls in one transaction.
      const client = await pool.connect();
      try {
        let version = expected;
        await client.query("BEGIN");
        for (let i = 0; i < count; i++) version = await append(client, stream, expected + i, from + i);
        await client.query("COMMIT");
        return version;
      } finally {
        client.release();
      }
    },
    async load(stream) {
      const { rows } = await pool.query({ ...read, values: [`account-${stream}`] });
      let total = 0;
      for (const row of rows) total += JSON.parse(row.data).amount;
      return { count: rows.length, total };
    },
    empty: () => pool.query("TRUNCATE messages RESTART IDENTITY"),
    analyze: () => pool.query("VACUUM ANALYZE messages"),
    count: async () => Number((await pool.query("SELECT count(*) FROM messages")).rows[0].count),
    close: () => pool.end(),
  };
}

/** What its install.sh runs by psql, in that order. Roles and privileges are left out: everything belongs to one user. */
async function install(pool) {
  const require = createRequire(import.meta.url);
  const database = join(dirname(require.resolve("@eventide/message-db/package.json")), "database");
  const run = async (file) => pool.query(readFileSync(join(database, file), "utf8").replace(/^\\.*$/gm, ""));
  const all = (folder) => readdirSync(join(database, folder)).map((file) => `${folder}/${file}`);
  await run("schema/message-store.sql");
  await run("extensions/pgcrypto.sql");
  await run("tables/messages.sql");
  await run("types/message.sql");
  for (const file of all("functions").filter((name) => name.endsWith(".sql"))) await run(file);
  for (const file of all("indexes").filter((name) => name.endsWith(".sql"))) await run(file);
}
