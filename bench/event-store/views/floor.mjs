const batch = 1_000;

/**
 * A table of accounts. Rebuilt next to the live one, a thousand events per transaction, each of which records how far
 * it came; the appending statement maintains it, since nothing else does.
 */
export async function createViews(pool, type) {
  const columns = "account text PRIMARY KEY, total bigint NOT NULL, deposits integer NOT NULL";
  await pool.query(`CREATE TABLE accounts (${columns})`);
  await pool.query("CREATE TABLE checkpoint (pos bigint NOT NULL)");
  const append = {
    name: "deposit",
    text: `WITH a AS (
        INSERT INTO accounts VALUES ($1, $2, 1) ON CONFLICT (account)
        DO UPDATE SET total = accounts.total + excluded.total, deposits = accounts.deposits + 1 RETURNING deposits
      )
      INSERT INTO events (stream, version, type, data) SELECT $1, deposits, $3, $4 FROM a`,
  };
  return {
    open: () => {},
    async rebuild() {
      await pool.query(`DROP TABLE IF EXISTS accounts_next; CREATE TABLE accounts_next (${columns});
        TRUNCATE checkpoint; INSERT INTO checkpoint VALUES (0)`);
      const client = await pool.connect();
      try {
        for (let pos = 0; pos !== undefined; ) pos = await apply(client, pos, type);
        await client.query(`BEGIN; DROP TABLE accounts; ALTER TABLE accounts_next RENAME TO accounts;
          ALTER INDEX accounts_next_pkey RENAME TO accounts_pkey; COMMIT`);
      } finally {
        client.release();
      }
    },
    async deposit(account, amount) {
      const data = { accountId: account, amount, currency: "EUR", reference: "invoice" };
      await pool.query({ ...append, values: [account, amount, type, data] });
    },
    async sums() {
      const { rows } = await pool.query("SELECT count(*) AS accounts, sum(total) AS total FROM accounts");
      return { accounts: Number(rows[0].accounts), total: Number(rows[0].total) };
    },
    empty: () => pool.query("TRUNCATE accounts, checkpoint"),
  };
}

/** Returns the position that it has reached; undefined: nothing is left. */
async function apply(client, after, type) {
  const select = "SELECT pos, stream, type, data FROM events WHERE pos > $1 ORDER BY pos LIMIT $2";
  const { rows } = await client.query({ name: "read", text: select, values: [after, batch] });
  if (rows.length === 0) return undefined;
  const changes = new Map();
  for (const row of rows) {
    if (row.type !== type) continue;
    const change = changes.get(row.stream) ?? { total: 0, deposits: 0 };
    changes.set(row.stream, { total: change.total + row.data.amount, deposits: change.deposits + 1 });
  }
  const pos = rows.at(-1).pos;
  await client.query("BEGIN");
  await client.query({
    name: "apply",
    text: `INSERT INTO accounts_next SELECT * FROM unnest($1::text[], $2::bigint[], $3::integer[]) ON CONFLICT (account)
      DO UPDATE SET total = accounts_next.total + excluded.total, deposits = accounts_next.deposits + excluded.deposits`,
    values: [
      [...changes.keys()],
      [...changes.values()].map(({ total }) => total),
      [...changes.values()].map(({ deposits }) => deposits),
    ],
  });
  await client.query({ name: "keep", text: "UPDATE checkpoint SET pos = $1", values: [pos] });
  await client.query("COMMIT");
  return pos;
}
