import { EventStore, EventType } from "@castore/core";
import { PostgresEventStorageAdapter } from "@castore/event-storage-adapter-postgres";
import pg from "pg";
import { deposit } from "../deposits.mjs";

export const contenders = [{ name: "castore 2.4", open }];

/** Its adapter opens a driver of its own, postgres.js, with ten connections and several statements under way on each. */
async function open({ url }) {
  const admin = new pg.Pool({ connectionString: url, max: 1 });
  const adapter = new PostgresEventStorageAdapter({ connectionString: url });
  await PostgresEventStorageAdapter.createEventTable({ connectionString: url });
  const store = new EventStore({
    eventStoreId: "accounts",
    eventTypes: [new EventType({ type: "account.deposited" })],
    eventStorageAdapter: adapter,
    reducer: ({ count, total } = { count: 0, total: 0 }, { aggregateId, version, payload }) => ({
      aggregateId,
      version,
      count: count + 1,
      total: total + payload.amount,
    }),
  });
  return {
    async append(aggregateId, expected, count, from) {
      const events = Array.from({ length: count }, (_, i) => ({
        aggregateId,
        version: expected + i + 1,
        type: "account.deposited",
        payload: deposit(aggregateId, from + i),
      }));
      if (count === 1) return (await store.pushEvent(events[0])).event.version;
      const grouped = events.map((event) => store.groupEvent(event));
      const { eventGroup } = await EventStore.pushEventGroup(...grouped);
      return eventGroup.at(-1).event.version;
    },
    async load(aggregateId) {
      const { aggregate } = await store.getAggregate(aggregateId);
      return aggregate;
    },
    empty: () => admin.query("TRUNCATE event"),
    analyze: () => admin.query("VACUUM ANALYZE event"),
    count: async () => Number((await admin.query("SELECT count(*) FROM event")).rows[0].count),
    async close() {
      await adapter._sql.end();
      await admin.end();
    },
  };
}
