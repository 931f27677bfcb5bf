import { randomUUID } from "node:crypto";
import pg from "pg";
import { create, DepositedSchema, deposited, postgres, toBinary } from "../../potter/dist/ledger.mjs";
import { bookedAtTimestamp, deposit } from "../deposits.mjs";
import { createViews } from "../views/potter.mjs";

// By the public API, with messages of protobuf-es. Always with event ids, correlation and causation.
export const contenders = [
  { name: "Potter", open: openWithViews },
  {
    name: "Potter, with command id",
    leaves: ["load-10", "load-100", "load-1000", "load-100-16"],
    open: (options) => openPotter(options, () => ({ id: randomUUID(), requestHash, response })),
  },
];

const requestHash = "c2b1b0c0d7d1f2a4b8e2c1d4a5f60718";
const response = new Uint8Array([10, 3, 97, 98, 99]);

async function openWithViews({ url, connections }) {
  const potter = await openPotter({ url, connections }, () => undefined);
  const views = createViews({ url, connections });
  return {
    ...potter,
    views,
    async empty() {
      await views.close();
      await potter.empty();
    },
    grow: (events) => grow(potter.admin, events),
    async close() {
      await views.close();
      await potter.close();
    },
  };
}

/** Streams of one event, as appends would have left them. */
async function grow(admin, events) {
  const one = { accountId: "an account that was there before", ...deposit("", 0) };
  const data = toBinary(DepositedSchema, create(DepositedSchema, toInit(one)));
  const id = "lpad(n::text, 36, '0')";
  await admin.query({
    text: `INSERT INTO potter.events
      SELECT nextval('potter.positions'), '', 'account', ${id}, 1, $1, 1, n % 256, gen_random_uuid(), now(), 'c', 'c', $2, '{}'
      FROM generate_series(1, $3::int) n`,
    values: [deposited.type, data, events],
  });
}

async function openPotter({ url, connections }, command) {
  const admin = new pg.Pool({ connectionString: url, max: 1 });
  const store = postgres({ url, connections });
  return {
    ...(await openStore(store, command)),
    admin,
    empty: () => admin.query("TRUNCATE potter.streams, potter.events, potter.commands"),
    analyze: () => admin.query("VACUUM ANALYZE potter.streams, potter.events"),
    count: async () => Number((await admin.query("SELECT count(*) FROM potter.events")).rows[0].count),
    async close() {
      await store.stop();
      await admin.end();
    },
  };
}

/** Appends and loads by any of Potter's stores. */
export async function openStore(store, command = () => undefined) {
  await store.start();
  const { events } = store;
  const idOf = (id) => ({ tenant: "", type: "account", id });
  const load = async (id) => (await events.loadStream(idOf(id))).events;
  return {
    store,
    async append(id, expectedVersion, count, from) {
      const correlationId = randomUUID();
      const result = await events.append({
        stream: idOf(id),
        expectedVersion,
        events: Array.from({ length: count }, (_, i) => ({
          id: randomUUID(),
          definition: deposited,
          data: create(DepositedSchema, toInit(deposit(id, from + i))),
        })),
        correlationId,
        causationId: correlationId,
        metadata: {},
        command: command(),
      });
      if (result.kind !== "appended") throw new Error(`Potter answers ${result.kind}`);
      return result.version;
    },
    async load(id) {
      const recorded = await load(id);
      let total = 0n;
      for (const event of recorded)
        if (event.type === deposited.type) total += deposited.codec.decode(event.bytes).amount;
      return { count: recorded.length, total: Number(total) };
    },
  };
}

function toInit({ amount, ...rest }) {
  return { ...rest, amount: BigInt(amount), bookedAt: bookedAtTimestamp };
}
