// Many streams that end by one signal, in one process.
import { afterEach, beforeEach, expect, it, vi } from "vitest";
import { Account, createAccount, deposit, open } from "../aggregate/account.fixture.js";
import { eventsMethod } from "../aggregate/index.js";
import { memory } from "../store/memory/index.js";
import { subscribe } from "../store/subscriptions/index.js";
import type { App } from "./app.js";
import { createApp } from "./create-app.js";
import { getTotal, queries, sumOf, totals, watchTotal } from "./total.fixture.js";

const many = 50;
const warned = vi.fn();
let app: App;
let end: AbortController;

/** Collects what each of many streams delivers until the signal aborts. Resolves when all have ended. */
function follow(open: () => AsyncIterable<unknown> | Promise<AsyncIterable<unknown>>) {
  const counts = Array.from({ length: many }, () => 0);
  const ended = Promise.all(
    counts.map(async (_, i) => {
      for await (const _item of await open()) counts[i] = (counts[i] ?? 0) + 1;
    }),
  );
  const have = (count: number) => vi.waitFor(() => expect(counts.every((one) => one >= count)).toBe(true), 30_000);
  return { ended, have };
}

beforeEach(async () => {
  process.on("warning", warned);
  end = new AbortController();
  app = createApp({ parts: [createAccount(), totals({}), queries], store: memory() });
  await app.send(open, { value: "a" });
  await app.waitForProjections();
});
afterEach(async () => {
  end.abort();
  await app.stop();
  process.off("warning", warned);
  warned.mockClear();
});

const method = eventsMethod(Account.definition);
const options = () => ({ signal: end.signal });

it.each([
  [
    "subscriptions to the store",
    () => subscribe(app.store.events, { ...options(), filter: { types: ["account.deposited"] } }),
  ],
  [
    "followers of events",
    async () => (await app.dispatch(method, method.request.create({}), options())).response as AsyncIterable<unknown>,
  ],
  [
    "watches of a row",
    async () =>
      (await app.dispatch(watchTotal, watchTotal.request.create({ value: "a" }), options()))
        .response as AsyncIterable<unknown>,
  ],
] as const)(
  "%s cause no warning of a leak",
  async (what, open) => {
    const { ended, have } = follow(open as () => AsyncIterable<unknown>);
    if (what === "watches of a row") await have(1);
    await app.send(deposit, { value: "a:5" });
    if (what === "followers of events") {
      // The position at which each begins is fixed when it is opened, which may be after the first event.
      await vi.waitFor(async () => {
        await app.send(deposit, { value: "a:1" });
        await have(1);
      });
    } else await have(1);
    end.abort();
    await ended;
    await new Promise((resolve) => setImmediate(resolve));
    expect(warned.mock.calls.map(([warning]) => String(warning))).toEqual([]);
  },
  120_000,
);

it("calls that wait for a read model cause no warning of a leak", async () => {
  await app.projection("Total").pause();
  const sent = Array.from({ length: many }, () => app.query(getTotal, { value: "a" }, { ...options(), waitFor: [] }));
  expect((await Promise.all(sent)).map((row) => sumOf(row))).toEqual(Array.from({ length: many }, () => 0));
  await app.projection("Total").resume();
  const waiting = Array.from({ length: many }, () =>
    app.projection("Total").waitFor(1_000, { ...options(), timeout: 600_000 }),
  );
  const settled = Promise.allSettled(waiting);
  await new Promise((resolve) => setTimeout(resolve, 20));
  end.abort();
  const outcomes = await settled;
  expect(outcomes.every(({ status }) => status === "rejected")).toBe(true);
  expect(warned.mock.calls.map(([warning]) => String(warning))).toEqual([]);
});

it.each([true, false])(
  "commands that wait for a read model cause no warning of a leak (own signal: %s)",
  async (own) => {
    const waiting = Array.from({ length: many }, () =>
      app.send(deposit, { value: "a:1" }, { ...(own && options()), waitFor: ["Total"] }),
    );
    await Promise.all(waiting);
    expect(sumOf(await app.query(getTotal, { value: "a" }))).toBe(many);
    expect(warned.mock.calls.map(([warning]) => String(warning))).toEqual([]);
  },
);
