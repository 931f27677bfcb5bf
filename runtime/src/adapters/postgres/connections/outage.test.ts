// An outage longer than the retry window: long-lived reads wait for the server and log it.
import { randomUUID } from "node:crypto";
import pg from "pg";
import { expect, it, vi } from "vitest";
import { Account, createAccount, deposit, open } from "../../../aggregate/account.fixture.js";
import { eventsMethod, type FollowedEvent } from "../../../aggregate/index.js";
import { createApp } from "../../../app/index.js";
import { queries, totals, watchTotal } from "../../../app/total.fixture.js";
import { silentLogger } from "../../../cqrs/index.js";
import { type SubscriptionRetry, subscribe } from "../../../store/subscriptions/index.js";
import { url } from "../postgres.fixture.js";
import { postgres } from "../postgres.js";
import { FaultyNetwork } from "./network-faults.fixture.js";

it.skipIf(url === undefined)(
  "those who follow events and rows survive it, report it, and miss nothing",
  async () => {
    const schema = `outage_${randomUUID().replaceAll("-", "")}`;
    const wire = await FaultyNetwork.open(url ?? "");
    const store = postgres({ url: wire.url, schema, unresponsiveTimeout: 300, connectTimeout: 200, retryWindow: 100 });
    const warn = vi.fn();
    const app = createApp({
      parts: [createAccount(), totals({}), queries],
      store,
      logger: { ...silentLogger, warn },
    });
    const end = new AbortController();
    const { signal } = end;
    const found: { slices: number[]; events: number[]; rows: string[] } = { slices: [], events: [], rows: [] };
    const retries: SubscriptionRetry[] = [];
    const onRetry = (retry: SubscriptionRetry) => void retries.push(retry);
    try {
      await app.send(open, { value: "a" });
      await app.waitForProjections();
      const feed = eventsMethod(Account.definition);
      const events = await app.dispatch(feed, feed.request.create({}), { signal, lastEventId: "0" });
      const rows = await app.dispatch(watchTotal, watchTotal.request.create({ value: "a" }), { signal });
      const reading = Promise.all([
        (async () => {
          for await (const { events } of subscribe(store.events, { signal, onRetry })) {
            found.slices.push(...events.map(({ position }) => position));
          }
        })(),
        (async () => {
          for await (const event of events.response as AsyncIterable<FollowedEvent>) found.events.push(event.position);
        })(),
        (async () => {
          for await (const row of rows.response as AsyncIterable<{ value: string }>) found.rows.push(row.value);
        })(),
      ]);
      await vi.waitFor(() => expect(found).toEqual({ slices: [1], events: [1], rows: ["a:0"] }), 60_000);

      wire.freeze();
      const said = (what: string) => warn.mock.calls.filter(([message]) => message === what).length;
      await vi.waitFor(() => {
        expect(retries.length).toBeGreaterThan(2);
        expect(said("followed events could not be read, will retry")).toBeGreaterThan(2);
        expect(said("watched row could not be read, will retry")).toBeGreaterThan(2);
        expect(app.projections[0]?.error).toMatchObject({ code: "unavailable" });
      });
      expect(retries.map(({ attempt }) => attempt).slice(0, 3)).toEqual([1, 2, 3]);
      expect(retries[0]?.error).toMatchObject({ code: "unavailable" });

      wire.thaw();
      await vi.waitFor(() => app.send(deposit, { value: "a:5" }, { commandId: "once" }), 60_000);
      await vi.waitFor(() => expect(found).toEqual({ slices: [1, 2], events: [1, 2], rows: ["a:0", "a:5"] }), 60_000);
      await vi.waitFor(() => expect(app.projections[0]).toMatchObject({ error: undefined, lag: 0 }), 60_000);
      end.abort();
      await reading;
    } finally {
      end.abort();
      await app.stop();
      await wire.close();
      const admin = new pg.Client({ connectionString: url });
      await admin.connect();
      await admin.query(`DROP SCHEMA ${schema} CASCADE`);
      await admin.end();
    }
    // The server stays stopped: nothing waits for it.
    await expect(subscribe(store.events).next()).rejects.toThrow("was not started, or has stopped");
  },
  300_000,
);
