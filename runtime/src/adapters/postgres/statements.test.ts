// How many statements following the log costs a process: counted, not timed.
import { setTimeout as sleep } from "node:timers/promises";
import pg from "pg";
import { afterEach, beforeEach, describe, expect, it, type MockInstance, vi } from "vitest";
import { Account, createAccount, deposit, open, withdraw } from "../../aggregate/account.fixture.js";
import { eventsMethod } from "../../aggregate/index.js";
import { type App, createApp } from "../../app/index.js";
import { queries, Total, totals, watchTotal } from "../../app/total.fixture.js";
import { openPostgres, type PostgresUnderTest, url } from "./postgres.fixture.js";

/** What was sent since the last `mockClear`, by the name of the statement or the first word of its text. */
let sent: MockInstance<typeof pg.Client.prototype.query>;
const names = () =>
  sent.mock.calls.map(([given]) => {
    const { name, text } = given as unknown as { readonly name?: string; readonly text?: string };
    return (name ?? text ?? String(given)).replace(/_[0-9a-f]{16}$/, "").split(" ")[0] ?? "";
  });
const count = (...wanted: string[]) => names().filter((name) => wanted.includes(name)).length;
const readsOfLog = ["potter_read_new", "potter_scan_positions", "potter_read_all", "potter_read_all_t"];
const appends = ["potter_append_one", "potter_append_singles"];

describe.skipIf(url === undefined)("a process that follows the log", () => {
  let under: PostgresUnderTest;
  const apps: App[] = [];
  const end = new AbortController();
  /** An app with a view of two shards, followers of events and watchers of a row. */
  const start = async (store = under.store) => {
    const app = createApp({ parts: [createAccount(), totals({ shards: 2 }), queries], store });
    apps.push(app);
    await app.start();
    const method = eventsMethod(Account.definition);
    for (const follow of [
      () => app.dispatch(method, method.request.create({}), { signal: end.signal }),
      () => app.dispatch(watchTotal, watchTotal.request.create({ value: "a" }), { signal: end.signal }),
    ]) {
      for (let i = 0; i < 3; i++) void drain((await follow()).response as AsyncIterable<unknown>);
    }
    return app;
  };

  beforeEach(async () => {
    sent = vi.spyOn(pg.Client.prototype, "query");
    under = await openPostgres();
  });
  afterEach(async () => {
    end.abort();
    for (const app of apps.splice(0)) await app.stop();
    await under.close();
  });

  it("reads its own events once, however many views, followers and callers there are", async () => {
    const app = await start();
    await app.send(open, { value: "a" }, { waitFor: [Total] });
    sent.mockClear();
    for (let i = 0; i < 50; i++) await app.send(deposit, { value: "a:1" }, { waitFor: [Total] });
    expect(count(...appends)).toBe(50);
    // A poll may find an event before the notification of its append does.
    expect(count(...readsOfLog)).toBeLessThanOrEqual(50 + 25);

    const ids = Array.from({ length: 16 }, (_, i) => `b${i}`);
    await Promise.all(ids.map((value) => app.send(open, { value }, { waitFor: [Total] })));
    sent.mockClear();
    await Promise.all(
      ids.map(async (id) => {
        for (let i = 0; i < 10; i++) await app.send(deposit, { value: `${id}:1` }, { waitFor: [Total] });
      }),
    );
    expect(count(...appends)).toBeLessThanOrEqual(160);
    expect(count(...readsOfLog)).toBeLessThanOrEqual(count(...appends) + 25);
  });

  it("passes events that its projections do not handle without transactions, and saves that together", async () => {
    const app = await start();
    await app.send(open, { value: "a" });
    await app.send(deposit, { value: "a:1000" }, { waitFor: [Total] });
    sent.mockClear();
    const began = performance.now();
    for (let i = 0; i < 30; i++) await app.send(withdraw, { value: "a:1" }, { waitFor: [Total] });
    expect(count("potter_commit_checkpoint", "potter_commit_rows", "potter_commit_changes")).toBe(0);
    expect(count("potter_advance_checkpoints")).toBeLessThanOrEqual((performance.now() - began) / 1000 + 1);
    const head = await under.store.events.head();
    const positions = async () =>
      (await under.store.projections.list([Total.definition.codec.typeName]))[0]?.shards.map(
        ({ position }) => position,
      );
    await vi.waitFor(async () => expect(await positions()).toEqual([head, head]), { interval: 200 });
  });

  it("makes at most one statement a second while nothing happens", async () => {
    const app = await start();
    await app.send(open, { value: "a" }, { waitFor: [Total] });
    // Until polls have slowed down.
    await sleep(4_000);
    sent.mockClear();
    const began = performance.now();
    await sleep(6_000);
    expect(names().length).toBeLessThanOrEqual((performance.now() - began) / 1000 + 2);
  });
});

async function drain(items: AsyncIterable<unknown>): Promise<void> {
  try {
    for await (const _ of items);
  } catch {
    // The app has stopped.
  }
}
