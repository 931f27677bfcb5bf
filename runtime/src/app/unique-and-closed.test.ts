// Unique values and closed streams, which only the store can check, as senders of commands see them.
import { describe, expect, it } from "vitest";
import { pglite } from "../adapters/pglite/index.js";
import { openPostgres, url } from "../adapters/postgres/postgres.fixture.js";
import { createAccount, deposit, open, withdraw } from "../aggregate/account.fixture.js";
import type { AnyDeciderPart } from "../aggregate/index.js";
import { memory } from "../store/memory/index.js";
import type { Store } from "../store/ports/index.js";
import type { App } from "./app.js";
import { createApp } from "./create-app.js";

type Open = () => Promise<{ readonly store: Store; close(): Promise<void> }>;

const owned =
  (open: () => Store): Open =>
  async () => {
    const store = open();
    return { store, close: () => store.stop() };
  };

const stores: readonly (readonly [string, Open])[] = [
  ["memory", owned(memory)],
  ["PGlite", owned(() => pglite())],
  ...(url === undefined ? [] : [["PostgreSQL", () => openPostgres()] as const]),
];

/** Accounts that store their events. A balance is a unique value, except for 0. */
function unique(): AnyDeciderPart {
  const part = createAccount() as AnyDeciderPart;
  const balance = (value: number) => (value === 0 ? undefined : `secret ${value}`);
  return { ...part, decider: { ...part.decider, unique: { balance } } };
}

describe.each(stores)("in %s, a unique value", (_, openStore) => {
  const within = async (work: (app: App, store: Store) => Promise<void>) => {
    const { store, close } = await openStore();
    const app = createApp({ parts: [unique()], store });
    try {
      for (const id of ["a", "b"]) await app.send(open, { value: id });
      await work(app, store);
    } finally {
      await app.stop();
      await close();
    }
  };

  it("is refused to other streams, whose error reveals neither the holder nor the value, and which record nothing", () =>
    within(async (app, store) => {
      await app.send(deposit, { value: "a:5" });
      const refused = await app.send(deposit, { value: "b:5" }).catch((error: unknown) => error);
      expect(refused).toMatchObject({
        code: "already_exists",
        message: "another Account has this balance",
        violations: [{ field: "balance", rule: "unique", message: "must be unique among all Account" }],
      });
      expect(JSON.stringify(refused)).not.toContain("secret");
      expect(await store.events.readStream({ tenant: "", type: "account", id: "b" })).toHaveLength(1);
      expect((await app.send(deposit, { value: "b:4" })).value).toBe(4);
    }));

  it("is released when its holder changes or drops the value", () =>
    within(async (app) => {
      await app.send(deposit, { value: "a:5" });
      await app.send(deposit, { value: "a:1" });
      expect((await app.send(deposit, { value: "b:5" })).value).toBe(5);
      await app.send(withdraw, { value: "a:6" });
      expect((await app.send(deposit, { value: "b:1" })).value).toBe(6);
    }));

  it("is reserved by one of many concurrent commands", () =>
    within(async (app) => {
      for (const id of ["c", "d", "e"]) await app.send(open, { value: id });
      const all = ["a", "b", "c", "d", "e"].map((id) => app.send(deposit, { value: `${id}:7` }));
      const outcomes = await Promise.allSettled(all);
      expect(outcomes.filter(({ status }) => status === "fulfilled")).toHaveLength(1);
      const reasons = outcomes.flatMap((one) => (one.status === "rejected" ? [one.reason.code] : []));
      expect(reasons).toEqual(Array(4).fill("already_exists"));
    }));

  it("is reserved once by a repeated command, and separately for each tenant", () =>
    within(async (app) => {
      const once = { commandId: "c1" };
      expect((await app.send(deposit, { value: "a:5" }, once)).value).toBe(5);
      expect((await app.send(deposit, { value: "a:5" }, once)).value).toBe(5);
      const elsewhere = { tenant: "t" };
      await app.send(open, { value: "a" }, elsewhere);
      expect((await app.send(deposit, { value: "a:5" }, elsewhere)).value).toBe(5);
    }));

  it("stays reserved by a closed stream, which refuses every command", () =>
    within(async (app, store) => {
      await app.send(deposit, { value: "a:5" }, { commandId: "before" });
      const stream = { tenant: "", type: "account", id: "a" };
      expect((await store.events.closeStream(stream, 2)).kind).toBe("appended");
      const closed = { code: "failed_precondition", message: "the Account was closed for good" };
      await expect(app.send(deposit, { value: "a:1" })).rejects.toMatchObject(closed);
      await expect(app.send(withdraw, { value: "a:5" }, { commandId: "after" })).rejects.toMatchObject(closed);
      await expect(app.send(open, { value: "a" })).rejects.toMatchObject({ code: "already_exists" });
      // Earlier commands are still replayed, and the events can be read.
      expect((await app.send(deposit, { value: "a:5" }, { commandId: "before" })).value).toBe(5);
      expect(await app.history({ definition: { type: "account" } }, "a")).toHaveLength(2);
      await expect(app.send(deposit, { value: "b:5" })).rejects.toMatchObject({ code: "already_exists" });
    }));

  it("cannot be reserved by a stream that was closed before its first event", () =>
    within(async (app, store) => {
      expect((await store.events.closeStream({ tenant: "", type: "account", id: "z" }, 0)).kind).toBe("appended");
      await expect(app.send(open, { value: "z" })).rejects.toMatchObject({
        code: "failed_precondition",
        message: "the Account was closed for good",
      });
    }));
});
