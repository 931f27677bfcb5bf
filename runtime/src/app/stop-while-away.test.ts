// An app that stops while some of its work waits for an unavailable store.
import { afterEach, beforeEach, expect, it, vi } from "vitest";
import { Account, createAccount, open } from "../aggregate/account.fixture.js";
import { eventsMethod } from "../aggregate/index.js";
import { silentLogger } from "../cqrs/index.js";
import { PotterError } from "../errors/index.js";
import { memory } from "../store/memory/index.js";
import type { Store } from "../store/ports/index.js";
import type { App } from "./app.js";
import { createApp } from "./create-app.js";
import { queries, totals, watchTotal } from "./total.fixture.js";

const ended = { code: "unavailable", message: "the app is stopping: resume the stream later" };
const warn = vi.fn();
const warnings = () => warn.mock.calls.map(([message]) => message as string);
let app: App;
let isAway: boolean;

/** The same store, whose operations fail while it is unavailable. */
function over<Target extends object>(target: Target, failing: readonly (keyof Target)[]): Target {
  return new Proxy(target, {
    get(object, name) {
      const value = Reflect.get(object, name);
      if (typeof value !== "function") return value;
      return (...given: unknown[]) =>
        isAway && failing.includes(name as keyof Target)
          ? Promise.reject(new PotterError("unavailable", "the store is away"))
          : value.apply(object, given);
    },
  });
}

beforeEach(async () => {
  isAway = false;
  warn.mockClear();
  const base = memory();
  const store: Store = Object.assign(Object.create(base) as Store, {
    events: over(base.events, ["readAll", "readStream", "head"]),
    rows: over(base.rows, ["get"]),
  });
  const logger = { ...silentLogger, warn };
  app = createApp({ parts: [createAccount(), totals({}), queries], store, logger, stopTimeout: 20_000 });
  // By another app, so that this one has not read the event anyway.
  const before = createApp({ parts: [createAccount()], store: base });
  await before.send(open, { value: "a" });
  await before.stop();
  await app.start();
  await app.waitForProjections();
  // The first pause is longer than any test.
  vi.spyOn(Math, "random").mockReturnValue(100_000);
});
afterEach(async () => {
  vi.restoreAllMocks();
  await app.stop();
});

const events = eventsMethod(Account.definition);

it.each([
  ["a watched row", () => app.dispatch(watchTotal, watchTotal.request.create({ value: "a" })), 1, "row"],
  ["a follower of events", () => app.dispatch(events, events.request.fromJson({ after: "0" })), 0, "events"],
] as const)(
  "%s that waits for a retry is ended at once",
  async (_, openStream, begun, named) => {
    const items = ((await openStream()).response as AsyncIterable<unknown>)[Symbol.asyncIterator]();
    for (let i = 0; i < begun; i++) expect(await items.next()).toMatchObject({ done: false });
    isAway = true;
    // A row is read again when it changes, or for another watcher.
    const another = ((await openStream()).response as AsyncIterable<unknown>)[Symbol.asyncIterator]().next();
    another.catch(() => {});
    const next = expect(items.next()).rejects.toMatchObject(ended);
    await vi.waitFor(() => expect(warnings()).toContainEqual(expect.stringContaining(named)));
    await app.stop();
    await next;
    expect(warnings().filter((message) => message.includes("were aborted"))).toEqual([]);
  },
  120_000,
);
