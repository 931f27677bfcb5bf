import { pongoSingleStreamProjection, rebuildPostgreSQLProjections } from "@event-driven-io/emmett-postgresql";

/** A collection of documents, one for each stream, by the projection that its documentation begins with. */
export function createViews(pool, url) {
  const projection = pongoSingleStreamProjection({
    collectionName: "accounts",
    canHandle: ["account.deposited"],
    initialState: () => ({ total: 0, deposits: 0 }),
    evolve: ({ total, deposits }, { data }) => ({ total: total + data.amount, deposits: deposits + 1 }),
  });
  return {
    part: 0.02,
    // It passes over events whose transactions began in another order than they drew their positions.
    fillAtOnce: 1,
    open: () => {},
    async rebuild() {
      // It resumes from its checkpoint if there is one, though the collection is emptied.
      await pool.query("TRUNCATE emt_processors");
      const consumer = rebuildPostgreSQLProjections({ connectionString: url, projection });
      try {
        await consumer.start();
      } finally {
        await consumer.close();
      }
    },
    async sums() {
      const { rows } = await pool.query(
        "SELECT count(*) AS accounts, sum((data->>'total')::bigint) AS total FROM accounts",
      );
      return { accounts: Number(rows[0].accounts), total: Number(rows[0].total) };
    },
    empty: () => pool.query("DROP TABLE IF EXISTS accounts"),
  };
}
