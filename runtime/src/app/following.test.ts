// What a process does to follow the work of others, counted in calls of the store.
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { createAccount, deposit, open } from "../aggregate/account.fixture.js";
import { memory } from "../store/memory/index.js";
import type { Store } from "../store/ports/index.js";
import type { App } from "./app.js";
import { createApp } from "./create-app.js";
import { getTotal, queries, sumOf, Total, totals, watchTotal } from "./total.fixture.js";

let store: Store;
let apps: App[];
let end: AbortController;

const start = async (mode: "async" | "inline" = "async") => {
  const app = createApp({ parts: [createAccount(), totals({ mode }), queries], store });
  apps.push(app);
  await app.start();
  return app;
};

/** The sums that a watcher of a row has received. */
const watch = async (app: App, value: string) => {
  const { response } = await app.dispatch(watchTotal, watchTotal.request.create({ value }), { signal: end.signal });
  const sums: number[] = [];
  const ended = (async () => {
    for await (const row of response as AsyncIterable<Parameters<typeof sumOf>[0]>) sums.push(sumOf(row));
  })();
  ended.catch(() => {});
  await vi.waitFor(() => expect(sums).toHaveLength(1), 30_000);
  return sums;
};

beforeEach(() => {
  store = memory();
  apps = [];
  end = new AbortController();
});
afterEach(async () => {
  end.abort();
  for (const app of apps) await app.stop();
});

describe("a process whose read model another one keeps", () => {
  it.each(["async", "inline"] as const)("shows watchers of a row what the other one has applied: %s", async (mode) => {
    const other = await start(mode);
    await other.send(open, { value: "a" }, { waitFor: [Total] });
    const app = await start(mode);
    const sums = await watch(app, "a");
    await other.send(deposit, { value: "a:5" });
    await vi.waitFor(() => expect(sums).toEqual([0, 5]), 30_000);
    await other.send(deposit, { value: "a:1" });
    await vi.waitFor(() => expect(sums).toEqual([0, 5, 6]), 30_000);
  });

  it("polls for all callers that wait together", async () => {
    const other = await start();
    await other.send(open, { value: "a" }, { waitFor: [Total] });
    const app = await start();
    const list = vi.spyOn(store.projections, "list");
    const began = performance.now();
    const waiting = Array.from({ length: 50 }, () => app.projection(Total).waitFor(1_000, { timeout: 300 }));
    for (const { status } of await Promise.allSettled(waiting)) expect(status).toBe("rejected");
    // At most one poll in 10 ms; 50 callers with a poll of their own would make 300.
    expect(list.mock.calls.length).toBeLessThanOrEqual((performance.now() - began) / 10 + 1);
    await other.send(deposit, { value: "a:1" });
    await Promise.all(Array.from({ length: 50 }, () => app.send(deposit, { value: "a:1" }, { waitFor: [Total] })));
    expect(sumOf(await app.query(getTotal, { value: "a" }))).toBe(51);
  });
});

it("a process reads watched rows again only when they may have changed", async () => {
  const app = await start();
  const rows = ["a", "b", "c"];
  for (const value of rows) await app.send(open, { value }, { waitFor: [Total] });
  const all = await Promise.all(rows.map((value) => watch(app, value)));
  const get = vi.spyOn(store.rows, "get");
  await new Promise((resolve) => setTimeout(resolve, 3_500));
  expect(get).not.toHaveBeenCalled();
  await app.send(deposit, { value: "b:5" });
  await vi.waitFor(() => expect(all).toEqual([[0], [0, 5], [0]]), 30_000);
  expect(get).toHaveBeenCalledTimes(1);
});

it("a command is refused before it runs while too many callers wait for its read model for long", async () => {
  const app = await start();
  await app.send(open, { value: "a" }, { waitFor: [Total] });
  const stop = new AbortController();
  const wait = () => app.projection(Total).waitFor(1_000, { timeout: 600_000, signal: stop.signal });
  const waiting = Array.from({ length: 99 }, wait);
  await new Promise((resolve) => setTimeout(resolve, 1_100));
  await app.send(deposit, { value: "a:1" }, { waitFor: [Total] });
  waiting.push(wait());
  await expect(app.send(deposit, { value: "a:1" }, { waitFor: [Total] })).rejects.toMatchObject({
    code: "unavailable",
    retryAfter: expect.any(Number),
  });
  // Calls that do not wait for it are not concerned.
  await app.send(deposit, { value: "a:1" });
  stop.abort();
  await Promise.allSettled(waiting);
  await app.send(deposit, { value: "a:1" }, { waitFor: [Total] });
  expect(sumOf(await app.query(getTotal, { value: "a" }))).toBe(3);
});
