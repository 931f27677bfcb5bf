import { getPostgreSQLEventStore } from "@event-driven-io/emmett-postgresql";
import pg from "pg";
import { deposit } from "../deposits.mjs";
import { createViews } from "../views/emmett.mjs";

export const contenders = [{ name: "emmett-postgresql 0.42", open }];

async function open({ url, connections }) {
  const pool = new pg.Pool({ connectionString: url, max: connections });
  const store = getPostgreSQLEventStore(url, { connectionOptions: { pool } });
  await store.schema.migrate();
  const views = createViews(pool, url);
  return {
    store,
    views,
    async append(id, expected, count, from) {
      const events = Array.from({ length: count }, (_, i) => ({
        type: "account.deposited",
        data: deposit(id, from + i),
        metadata: {},
      }));
      // A version of 0 is what it checks for a new stream; its STREAM_DOES_NOT_EXIST checks nothing.
      const { nextExpectedStreamVersion } = await store.appendToStream(id, events, {
        expectedStreamVersion: BigInt(expected),
      });
      return Number(nextExpectedStreamVersion);
    },
    async load(id) {
      const { state } = await store.aggregateStream(id, { initialState, evolve });
      return state;
    },
    async empty() {
      await views.empty();
      await pool.query("TRUNCATE emt_streams, emt_messages");
    },
    analyze: () => pool.query("VACUUM ANALYZE emt_streams, emt_messages"),
    count: async () => Number((await pool.query("SELECT count(*) FROM emt_messages")).rows[0].count),
    async close() {
      await store.close();
      await pool.end();
    },
  };
}

const initialState = () => ({ count: 0, total: 0 });
const evolve = ({ count, total }, { data }) => ({ count: count + 1, total: total + data.amount });
