// Code that waits for a second connection while it holds one deadlocks if there is only one: so all features run on one.
import { randomUUID } from "node:crypto";
import { PGlite } from "@electric-sql/pglite";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { getKysely, sqlProjection, type TableSchema } from "../adapters/kysely/index.js";
import { createAsking, Total, type TotalTables, totals } from "../adapters/kysely/totals.fixture.js";
import { pglite } from "../adapters/pglite/index.js";
import { postgres } from "../adapters/postgres/index.js";
import { url } from "../adapters/postgres/postgres.fixture.js";
import { Account, createAccount, Deposited, deposit, open, withdraw } from "../aggregate/account.fixture.js";
import { type AnyDeciderPart, eventsMethod, type FollowedEvent } from "../aggregate/index.js";
import { outbox } from "../outbox/index.js";
import type { Store } from "../store/ports/index.js";
import { subscribe } from "../store/subscriptions/index.js";
import type { App } from "./app.js";
import type { AppOptions } from "./app-options.js";
import { createApp } from "./create-app.js";
import {
  createLetters,
  createMembers,
  createOrders,
  createOrderViews,
  createQueries,
  get,
  Member,
  move,
  place,
  register,
  write,
} from "./member.fixture.js";

/** Long enough for slow operations, so that a deadlock fails the test that causes it. */
const patience = 60_000;

/** The number of concurrent callers. */
const many = Array.from({ length: 12 }, (_, i) => `n${i}`);

type Open = (schema: string) => Store;
let database: PGlite;

const media: readonly (readonly [string, Open])[] = [
  ["PGlite", (schema) => pglite({ database, schema })],
  ...(url === undefined
    ? []
    : ([
        [
          "PostgreSQL",
          (schema) =>
            postgres({ url: url ?? "", schema, connections: 1, connectTimeout: patience, lockTimeout: 20_000 }),
        ],
      ] satisfies (readonly [string, Open])[])),
];

beforeAll(async () => {
  database = await PGlite.create();
});
afterAll(() => database.close());

/** The balance of an account is a unique value, except for 0 and balances above 999. */
function accounts(persistence: "events" | "state"): AnyDeciderPart {
  const { aggregate, decider } = createAccount() as AnyDeciderPart;
  const { snapshotEvery: _, ...bare } = aggregate;
  const balance = (value: number) => (value === 0 || value > 999 ? undefined : String(value));
  return {
    kind: "decider",
    aggregate: persistence === "state" ? { ...bare, persistence } : aggregate,
    decider: { ...decider, unique: { balance } },
  };
}

interface EntryTables {
  entries: { id: string; amount: number };
}

const entries = sqlProjection(
  { events: { deposited: Deposited } },
  {
    name: "entries",
    mode: "inline",
    tables: (schema: TableSchema<EntryTables>) => [
      schema.createTable("entries").addColumn("id", "uuid").addColumn("amount", "integer"),
    ],
    on: {
      deposited: (event, db, { id }) => db.insertInto("entries").values({ id, amount: event.value }),
    },
  },
);

describe.each(media)("on one connection to %s", (_, openStore) => {
  const within = async (options: AppOptions, work: (app: App, another: () => App) => Promise<void>) => {
    const schema = `one_${randomUUID().replaceAll("-", "").slice(0, 12)}`;
    const apps: App[] = [];
    const another = () => {
      const app = createApp({ ...options, store: openStore(schema) });
      apps.push(app);
      return app;
    };
    try {
      await work(another(), another);
    } finally {
      for (const app of apps) await app.stop();
    }
  };
  const club = (mode: "inline" | "async", readsPosition = false) => [
    createMembers(),
    createOrders(),
    createOrderViews(mode, (memberId) => `guest of ${memberId}`, readsPosition),
    createLetters(),
    createQueries(),
  ];

  it.each([
    ["inline", "before the append", false],
    ["inline", "in a transaction", true],
    ["async", "in a transaction", false],
  ] as const)("rows of subjects without a key are projected %s, %s", (mode, _when, readsPosition) =>
    within({ parts: club(mode, readsPosition) }, async (app, another) => {
      const placeAll = (by: App, member: string) =>
        Promise.all(many.map((id) => by.send(place, { id, memberId: `${member} ${id}`, address: member })));
      await placeAll(app, "ada");
      await app.waitForProjections();
      // Another process has none of their keys: neither for the rows that it reads nor for those that it writes.
      const other = another();
      await placeAll(other, "bob");
      await other.waitForProjections();
      for (const id of many) {
        expect(await other.query(get, { id })).toMatchObject({ memberId: `guest of bob ${id}`, address: "ada; bob" });
      }
      if (mode === "inline") return;
      await other.projection("OrderView").rebuild();
      await expect.poll(() => other.projection("OrderView").status?.generation, { timeout: patience }).toBe(2);
      expect(await other.query(get, { id: "n3" })).toMatchObject({ address: "ada; bob" });
      expect(await other.projection("OrderView").deadLetters()).toEqual([]);
    }),
  );

  it("personal data is written, read, followed and erased, and its subject is readmitted", () =>
    within({ parts: club("inline") }, async (app) => {
      await Promise.all(
        many.map((id) => app.send(register, { id, email: `${id}@example.com` }, { commandId: `register ${id}` })),
      );
      await Promise.all(many.map((id) => app.send(move, { id, city: "Jena", street: "Markt 7" })));
      await Promise.all(many.map((id) => app.send(write, { id, text: "hello" }, { commandId: `write ${id}` })));
      const end = new AbortController();
      const method = eventsMethod(Member.definition);
      const { response } = await app.dispatch(method, method.request.fromJson({ after: "0" }), { signal: end.signal });
      const followed: string[] = [];
      for await (const { id } of response as AsyncIterable<FollowedEvent>) {
        if (followed.push(id) === 2 * many.length) break;
      }
      end.abort();
      expect(new Set(followed)).toEqual(new Set(many));
      expect(await app.eraseSubject("n1")).toBe(true);
      expect((await app.history(Member, "n1"))[0]).toMatchObject({ erased: true });
      expect(await app.readmitSubject("n1")).toBe(true);
      const again = await app.send(register, { id: "n2", email: "n2@example.com" }, { commandId: "register n2" });
      expect(again).toMatchObject({ text: "n2@example.com" });
    }));

  it("commands are decided, events are projected and awaited, and projections are rebuilt and read", () => {
    const asking = createAsking();
    const shown = totals();
    return within({ parts: [accounts("events"), shown, entries, asking.part] }, async (app) => {
      await Promise.all(many.map((value) => app.send(open, { value })));
      const amounts = many.map((_, i) => i + 1);
      await Promise.all(amounts.map((amount) => app.send(deposit, { value: `n${amount - 1}:${amount}` })));
      await expect(app.send(deposit, { value: "n0:1" })).rejects.toMatchObject({ code: "already_exists" });
      // With snapshots, and many concurrent callers of one stream.
      await app.send(open, { value: "hot" });
      await app.send(deposit, { value: "hot:1000" });
      await Promise.all(amounts.map((amount) => app.send(deposit, { value: `hot:${amount}` }, { waitFor: [Total] })));
      const sum = (id: string) =>
        asking.in(app, (ctx) =>
          shown.view(ctx).selectFrom("totals").select("sum").where("id", "=", id).executeTakeFirst(),
        );
      expect(await sum("hot")).toEqual({ sum: 1078n });
      await app.projection(Total).rebuild();
      await expect.poll(() => app.projection(Total).status?.generation, { timeout: patience }).toBe(2);
      expect(await sum("hot")).toEqual({ sum: 1078n });
      const twice = await asking.in(app, (ctx) =>
        shown.snapshot(ctx, async (view) => [
          await view.selectFrom("totals").select("id").execute(),
          await view.selectFrom("deposits").select("amount").execute(),
        ]),
      );
      expect(twice.map((rows) => rows.length)).toEqual([13, 25]);
      const stored = await asking.in(app, (ctx) => entries.view(ctx).selectFrom("entries").selectAll().execute());
      expect(stored).toHaveLength(25);
      await upkeep(app);
    });
  });

  it("states are stored with their outbox", () => {
    const sent: string[] = [];
    const publish = async ({ id }: { readonly id: string }) => void sent.push(id);
    return within({ parts: [accounts("state")], outbox: outbox({ publish }) }, async (app) => {
      await Promise.all(many.map((value) => app.send(open, { value })));
      await Promise.all(many.map((id, i) => app.send(deposit, { value: `${id}:${i + 1}` }, { commandId: id })));
      await expect(app.send(withdraw, { value: "n5:1" })).rejects.toMatchObject({ code: "already_exists" });
      await expect.poll(async () => (await app.outbox()).waiting, { timeout: patience }).toBe(0);
      expect(new Set(sent).size).toBe(2 * many.length);
    });
  });
});

/** The operations of a store outside of an app. */
async function upkeep(app: App): Promise<void> {
  const { events, health, size } = app.store;
  const hot = { tenant: "", type: Account.definition.type, id: "hot" };
  const seen: number[] = [];
  for await (const slice of subscribe(events)) {
    seen.push(...slice.events.map(({ position }) => position));
    if (slice.position >= (await events.head())) break;
  }
  expect(seen).toHaveLength(2 * many.length + 14);
  expect(await events.archiveEvents(hot, 2)).toBe(2);
  expect(await events.importEvents(await events.readStream(hot))).toBe(0);
  const { version } = (await events.readStream(hot)).at(-1) ?? { version: 0 };
  expect(await events.closeStream(hot, version)).toMatchObject({ kind: "appended" });
  expect((await events.listStreams({ limit: 100 })).length).toBe(many.length + 1);
  expect((await size?.())?.events).toBeGreaterThan(0);
  expect(await health?.()).toMatchObject({ reachable: true });
  const db = getKysely<TotalTables>(app.store);
  const counted = await db
    .transaction()
    .execute((transaction) => transaction.selectNoFrom(({ lit }) => lit(1).as("one")).execute());
  expect(counted).toEqual([{ one: 1 }]);
}
