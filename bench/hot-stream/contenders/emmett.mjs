import { randomUUID } from "node:crypto";
import { CommandHandler, getInMemoryEventStore, isExpectedVersionConflictError } from "@event-driven-io/emmett";
import { getPostgreSQLEventStore } from "@event-driven-io/emmett-postgresql";
import pg from "pg";

// Its command handler, which appends at the version that it has read and can try again after a conflict.
const retries = {
  /** Its default retry policy: three times, after 100 ms or more. */
  "emmett 0.42": { onVersionConflict: true },
  /** As often and as soon as Potter does between processes. */
  "emmett 0.42, 16 tries": {
    retries: 15,
    minTimeout: 5,
    maxTimeout: 80,
    factor: 2,
    randomize: true,
    shouldRetryError: isExpectedVersionConflictError,
  },
};

export const contenders = Object.entries(retries).flatMap(([name, retry]) => [
  { name, on: "postgres", open: (options) => openPostgres(retry, options) },
  { name, on: "memory", open: () => openMemory(retry) },
]);

async function openPostgres(retry, { url, connections }) {
  const pool = new pg.Pool({ connectionString: url, max: connections });
  const store = getPostgreSQLEventStore(url, { connectionOptions: { pool } });
  await store.schema.migrate();
  return {
    ...createTills(retry, () => store),
    async close() {
      await store.close();
      await pool.end();
    },
  };
}

/** A store for each till: it counts all events of all streams at each append. */
function openMemory(retry) {
  const stores = new Map();
  const tills = createTills(retry, (id) => stores.get(id));
  return {
    ...tills,
    openTill() {
      const id = tills.openTill();
      stores.set(id, getInMemoryEventStore());
      return id;
    },
    async total(id) {
      const total = await tills.total(id);
      stores.delete(id);
      return total;
    },
  };
}

function createTills(retry, storeOf) {
  const handle = CommandHandler({ initialState, evolve, retry });
  return {
    openTill: () => randomUUID(),
    async payIn(id, amount) {
      const { newState } = await handle(storeOf(id), id, ({ total }) => {
        if (total + amount > most) throw new Error("the till is full");
        return [{ type: "till.paid_in", data: { tillId: id, amount }, metadata: {} }];
      });
      return newState.total;
    },
    async total(id) {
      const { state } = await storeOf(id).aggregateStream(id, { initialState, evolve });
      return state.total;
    },
    isConflict: isExpectedVersionConflictError,
  };
}

const most = 1_000_000_000;
const initialState = () => ({ total: 0 });
const evolve = ({ total }, { data }) => ({ total: total + data.amount });
