import { beforeEach, describe, expect, it } from "vitest";
import {
  Account,
  type Calls,
  createAccount,
  DepositedV1,
  deposit,
  open,
  withdraw,
} from "../aggregate/account.fixture.js";
import { memory } from "../store/memory/index.js";
import type { AppendRequest, EventStore, Store } from "../store/ports/index.js";
import type { App } from "./app.js";
import { createApp } from "./create-app.js";

const stream = { tenant: "", type: "account", id: "a" };

function append(events: AppendRequest["events"], expectedVersion: number): AppendRequest {
  return { stream, expectedVersion, events, correlationId: "", causationId: "", metadata: {} };
}

/** A store in which other writers can append first. */
function raced(store: Store, losses: number, meanwhile: (events: EventStore) => Promise<unknown>): Store {
  let left = losses;
  const events: EventStore = Object.create(store.events, {
    append: {
      value: async (request: AppendRequest) => {
        if (left-- > 0) await meanwhile(store.events);
        return store.events.append(request);
      },
    },
  }) as EventStore;
  return { ...store, events, start: () => store.start(), stop: () => store.stop() };
}

describe("a command of an aggregate", () => {
  let calls: Calls;
  let store: Store;
  let app: App;

  beforeEach(() => {
    calls = { decide: 0, evolve: 0 };
    store = memory();
    app = createApp({ parts: [createAccount(calls)], store });
  });

  it("is decided, its events are recorded, and its response is returned", async () => {
    await app.send(open, { value: "a" });
    expect((await app.send(deposit, { value: "a:5" })).value).toBe(5);
    expect((await app.history(Account, "a")).map(({ version, type, data }) => [version, type, data])).toEqual([
      [1, "account.opened", "somebody"],
      [2, "account.deposited", 5],
    ]);
  });

  it("is rejected with the declared error, and records no event", async () => {
    await app.send(open, { value: "a" });
    await expect(app.send(withdraw, { value: "a:5" })).rejects.toMatchObject({
      code: "failed_precondition",
      message: "overdrawn",
      detail: { typeName: "google.protobuf.Int32Value", json: 5 },
    });
    expect(await app.history(Account, "a")).toHaveLength(1);
  });

  it("fails with not_found before the aggregate was created, and cannot create it twice", async () => {
    await expect(app.send(deposit, { value: "a:5" })).rejects.toMatchObject({
      code: "not_found",
      message: "there is no Account a",
    });
    await app.send(open, { value: "a" });
    await expect(app.send(open, { value: "a" })).rejects.toMatchObject({
      code: "already_exists",
      message: "there is a Account a already",
    });
  });

  it("without an id creates an aggregate under a new id, or is refused if it cannot create one", async () => {
    await app.send(open, {});
    const { events } = await store.events.readAll(0, 10);
    expect(events[0]?.stream.id).toMatch(/^[0-9a-f-]{36}$/);
    await expect(app.send(deposit, { value: ":5" })).rejects.toMatchObject({ code: "invalid_argument" });
  });

  it("is decided again on the new state when another writer appended first", async () => {
    await app.send(open, { value: "a" });
    const rival = createApp({
      parts: [createAccount(calls)],
      store: raced(store, 2, (events) =>
        events.readStream(stream).then((known) =>
          events.append(
            append(
              [
                {
                  id: crypto.randomUUID(),
                  definition: Account.definition.events["deposited"] as never,
                  data: Account.event.deposited({ value: 10 }).data,
                },
              ],
              known.length,
            ),
          ),
        ),
      ),
    });
    calls.decide = 0;
    calls.evolve = 0;
    expect((await rival.send(deposit, { value: "a:1" })).value).toBe(21);
    expect(calls.decide).toBe(3);
    // The opening once, each deposit of the other writer once, and the command's own deposit at every attempt.
    expect(calls.evolve).toBe(1 + 2 + 3);
    expect(await app.history(Account, "a")).toHaveLength(4);
  });

  it("fails after sixteen attempts with an error that contains their number", async () => {
    await app.send(open, { value: "a" });
    const rival = createApp({
      parts: [createAccount(calls)],
      store: raced(store, 100, async (events) => {
        const known = await events.readStream(stream);
        await events.append(
          append(
            [
              {
                id: crypto.randomUUID(),
                definition: Account.definition.events["deposited"] as never,
                data: Account.event.deposited({ value: 1 }).data,
              },
            ],
            known.length,
          ),
        );
      }),
    });
    calls.decide = 0;
    await expect(rival.send(deposit, { value: "a:1" })).rejects.toMatchObject({ code: "aborted" });
    expect(calls.decide).toBe(16);
  });

  it("with a command id runs once, and repeats replay the response", async () => {
    await app.send(open, { value: "a" });
    const first = await app.send(deposit, { value: "a:5" }, { commandId: "c" });
    await app.send(deposit, { value: "a:1" });
    const again = await app.send(deposit, { value: "a:5" }, { commandId: "c" });
    expect([first.value, again.value]).toEqual([5, 5]);
    expect(await app.history(Account, "a")).toHaveLength(3);
    await expect(app.send(deposit, { value: "a:6" }, { commandId: "c" })).rejects.toMatchObject({
      code: "already_exists",
      message: "another request was made under this command id",
    });
  });

  it("with a command id replays the response even if it recorded no event", async () => {
    await app.send(open, { value: "a" });
    const first = await app.send(deposit, { value: "a:0" }, { commandId: "c" });
    await app.send(deposit, { value: "a:7" });
    const again = await app.send(deposit, { value: "a:0" }, { commandId: "c" });
    expect([first.value, again.value]).toEqual([0, 0]);
  });

  it("runs once if it is sent twice concurrently with one id", async () => {
    await app.send(open, { value: "a" });
    const both = await Promise.all([1, 2].map(() => app.send(deposit, { value: "a:5" }, { commandId: "c" })));
    expect(both.map(({ value }) => value)).toEqual([5, 5]);
    expect(await app.history(Account, "a")).toHaveLength(2);
  });

  it("fails if the aggregate does not have the expected version", async () => {
    await app.send(open, { value: "a" });
    await expect(app.send(deposit, { value: "a:1" }, { expectedVersion: 7 })).rejects.toMatchObject({
      code: "aborted",
      message: "the Account is at version 1, expected 7",
    });
    expect((await app.send(deposit, { value: "a:1" }, { expectedVersion: 1 })).value).toBe(1);
  });

  it("accepts a list of expected versions, or any version", async () => {
    await app.send(open, { value: "a" });
    await expect(app.send(deposit, { value: "a:1" }, { expectedVersion: [2, 3] })).rejects.toMatchObject({
      code: "aborted",
    });
    expect((await app.send(deposit, { value: "a:1" }, { expectedVersion: [2, 1] })).value).toBe(1);
    expect((await app.send(deposit, { value: "a:1" }, { expectedVersion: "any" })).value).toBe(2);
    await expect(app.send(open, { value: "b" }, { expectedVersion: "any" })).rejects.toMatchObject({ code: "aborted" });
  });

  it("keeps tenants apart", async () => {
    await app.send(open, { value: "a" }, { tenant: "acme" });
    await expect(app.send(deposit, { value: "a:1" })).rejects.toMatchObject({ code: "not_found" });
    expect((await app.send(deposit, { value: "a:1" }, { tenant: "acme" })).value).toBe(1);
  });

  it("reads superseded events upcast", async () => {
    await app.send(open, { value: "a" });
    await store.events.append(
      append(
        [{ id: crypto.randomUUID(), definition: DepositedV1, data: DepositedV1.codec.create({ value: "30" }) }],
        1,
      ),
    );
    expect((await app.send(deposit, { value: "a:1" })).value).toBe(31);
    expect((await app.history(Account, "a"))[1]).toMatchObject({ schemaVersion: 1, data: 30 });
  });

  it("fails on a stored event that no part of the app knows", async () => {
    await app.send(open, { value: "a" });
    const unknown = { ...DepositedV1, type: "account.frozen", version: 9 };
    await store.events.append(
      append([{ id: crypto.randomUUID(), definition: unknown, data: unknown.codec.create({}) }], 1),
    );
    await expect(app.send(deposit, { value: "a:1" })).rejects.toMatchObject({
      code: "data_loss",
      message: expect.stringContaining("account.frozen version 9"),
    });
  });

  it("starts from a snapshot if there is one, and ignores snapshots of another state version", async () => {
    await app.send(open, { value: "a" });
    await app.send(deposit, { value: "a:1" });
    await app.send(deposit, { value: "a:1" });
    await app.send(deposit, { value: "a:1" });
    const { snapshot } = await store.events.loadStream(stream, { stateVersion: 1 });
    expect(snapshot).toMatchObject({ version: 3, stateVersion: 1 });
    calls.evolve = 0;
    expect((await app.send(deposit, { value: "a:1" })).value).toBe(4);
    // The event after the snapshot, and the new one for the response.
    expect(calls.evolve).toBe(2);
    expect((await store.events.loadStream(stream, { stateVersion: 2 })).snapshot).toBeUndefined();
  });
});

describe("an app", () => {
  it("reports all faults of its parts together", () => {
    expect(() => createApp({ parts: [createAccount(), createAccount()] })).toThrow(
      [
        "the parts of the app do not fit:",
        "  test.v1.AccountService.Open is handled by more than one part",
        "  test.v1.AccountService.Deposit is handled by more than one part",
        "  test.v1.AccountService.Withdraw is handled by more than one part",
        "  the aggregate stored as account is given more than once",
      ].join("\n"),
    );
  });

  it("starts once, stops once, and cannot be started again", async () => {
    const store = memory();
    let starts = 0;
    let stops = 0;
    const counted: Store = {
      ...store,
      start: async () => void starts++,
      stop: async () => void stops++,
    };
    const app = createApp({ parts: [createAccount()], store: counted });
    await Promise.all([app.start(), app.start(), app.send(open, { value: "a" })]);
    await Promise.all([app.stop(), app.stop()]);
    expect([starts, stops]).toEqual([1, 1]);
    await expect(app.start()).rejects.toThrow("the app was stopped");
  });
});
