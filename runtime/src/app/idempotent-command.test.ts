// A command runs once for each command id, whichever process repeats it, and at any time.
import { describe, expect, it, vi } from "vitest";
import { createAccount, deposit, open } from "../aggregate/account.fixture.js";
import { type Carried, type FirstAttempt, withIntent } from "../cqrs/index.js";
import { PotterError } from "../errors/index.js";
import { carryOutFirst } from "../saga/commands/first-attempt.js";
import { memory } from "../store/memory/index.js";
import type { Store } from "../store/ports/index.js";
import { createApp } from "./create-app.js";
import { charge, createGate, createTill } from "./till.fixture.js";

const key = { commandId: "k1" };

function openTill(store: Store = memory()) {
  const gate = createGate();
  const runs: string[] = [];
  const parts = createTill({
    charge: async ({ value }, { user, signal }) => {
      runs.push(user);
      await Promise.race([
        gate.passed,
        new Promise((_, reject) => signal?.addEventListener("abort", () => reject(signal.reason))),
      ]);
      return { value: `${value} of ${user || "somebody"}: ${runs.length}` };
    },
  });
  return { app: createApp({ parts: [createAccount(), ...parts], store }), gate, runs };
}

describe("a command without an aggregate that is repeated while it runs", () => {
  it("runs once, and all callers get the first response", async () => {
    const { app, gate, runs } = openTill();
    const calls = Array.from({ length: 5 }, () => app.send(charge, { value: "5" }, key));
    await expect.poll(() => runs.length).toBe(1);
    const other = app.send(charge, { value: "6" }, key);
    await expect(other).rejects.toMatchObject({ code: "already_exists" });
    gate.open();
    expect((await Promise.all(calls)).map(({ value }) => value)).toEqual(
      Array.from({ length: 5 }, () => "5 of somebody: 1"),
    );
    expect((await app.send(charge, { value: "5" }, key)).value).toBe("5 of somebody: 1");
    expect(runs).toHaveLength(1);
  });

  it("returns the recorded response if its process stalled for longer than its lease", async () => {
    const store = memory();
    const [here, there] = [openTill(store), openTill(store)];
    const late = here.app.send(charge, { value: "5" }, { ...key, user: "ada" });
    await expect.poll(() => here.runs.length).toBe(1);
    const now = performance.now();
    vi.spyOn(performance, "now").mockImplementation(() => now + 60_000);
    there.runs.push("one more than the other process has");
    there.gate.open();
    const first = await there.app.send(charge, { value: "5" }, { ...key, user: "ada" });
    expect(first.value).toBe("5 of ada: 2");
    here.gate.open();
    expect(await late).toEqual(first);
    expect(await here.app.send(charge, { value: "5" }, { ...key, user: "ada" })).toEqual(first);
  });

  it("fails with a retry delay in another process", async () => {
    const store = memory();
    const [here, there] = [openTill(store), openTill(store)];
    const first = here.app.send(charge, { value: "5" }, key);
    await expect.poll(() => here.runs.length).toBe(1);
    await expect(there.app.send(charge, { value: "5" }, key)).rejects.toMatchObject({
      code: "aborted",
      retryAfter: 1000,
    });
    await expect(there.app.send(charge, { value: "6" }, key)).rejects.toMatchObject({ code: "already_exists" });
    const request = {
      method: "POST",
      body: '"5"',
      headers: { "idempotency-key": "k1", "content-type": "application/json" },
    };
    const response = await there.app.fetch(new Request("http://localhost/charge", request));
    expect([response.status, response.headers.get("retry-after")]).toEqual([409, "1"]);
    here.gate.open();
    const { value } = await first;
    expect((await there.app.send(charge, { value: "5" }, key)).value).toBe(value);
    expect(there.runs).toEqual([]);
  });

  it("fails as the first does, and can be retried", async () => {
    let runs = 0;
    const app = createApp({
      parts: createTill({
        charge: async ({ value }) => {
          if (++runs === 1) throw new PotterError("failed_precondition", "declined");
          return { value };
        },
      }),
    });
    const calls = await Promise.allSettled([1, 2, 3].map(() => app.send(charge, { value: "5" }, key)));
    expect(calls.map((one) => one.status === "rejected" && one.reason.message)).toEqual([
      "declined",
      "declined",
      "declined",
    ]);
    expect((await app.send(charge, { value: "5" }, key)).value).toBe("5");
    expect(runs).toBe(2);
  });

  it("runs again for the remaining callers when the first caller has cancelled", async () => {
    const { app, gate, runs } = openTill();
    const gone = new AbortController();
    const first = app.send(charge, { value: "5" }, { ...key, signal: gone.signal }).catch(() => "gone");
    await expect.poll(() => runs.length).toBe(1);
    const second = app.send(charge, { value: "5" }, key);
    gone.abort(new PotterError("cancelled", "gone"));
    expect(await first).toBe("gone");
    await expect.poll(() => runs.length).toBe(2);
    gate.open();
    expect((await second).value).toBe("5 of somebody: 2");
  });
});

describe("a command id", () => {
  it("belongs to its user and tenant, of a function and of an aggregate", async () => {
    const { app, gate } = openTill();
    gate.open();
    const as = (user: string, tenant = "") => ({ ...key, user, tenant });
    expect((await app.send(charge, { value: "5" }, as("ada"))).value).toBe("5 of ada: 1");
    expect((await app.send(charge, { value: "5" }, as("bob"))).value).toBe("5 of bob: 2");
    expect((await app.send(charge, { value: "5" }, as("ada", "t"))).value).toBe("5 of ada: 3");
    expect((await app.send(charge, { value: "5" }, as("ada"))).value).toBe("5 of ada: 1");
    // The key is unambiguous for every pair of user and id.
    await app.send(charge, { value: "x" }, { commandId: "@3:ada:k1" });
    await app.send(charge, { value: "y" }, { commandId: "b:k", user: "a" });
    await app.send(charge, { value: "z" }, { commandId: "k", user: "a:b" });

    const account = { commandId: "k2" };
    await app.send(open, { value: "a" });
    expect((await app.send(deposit, { value: "a:5" }, { ...account, user: "ada" })).value).toBe(5);
    expect((await app.send(deposit, { value: "a:5" }, { ...account, user: "bob" })).value).toBe(10);
    expect((await app.send(deposit, { value: "a:5" }, { ...account, user: "ada" })).value).toBe(5);
    expect((await app.send(deposit, { value: "a:5" }, account)).value).toBe(15);
  });
});

/** The intent of a command that was sent before, or of one that was not. */
function intentTo(stored: Promise<void>, isFirst = false) {
  const record = vi.fn<(carried: Carried) => void>();
  const waitFor = vi.fn<(reserved: Promise<unknown>) => void>();
  const carryOut = (attempt: FirstAttempt) => carryOutFirst(attempt, record, waitFor);
  return { stored, lease: 2_000_000, isFirst: async () => isFirst, carryOut, record, waitFor };
}

const request = charge.request.create({ value: "5" });

describe("a command that is sent for the first time by a caller who stores that", () => {
  it("is not reserved, and its caller records the response", async () => {
    const store = memory();
    const { app, gate, runs } = openTill(store);
    const reserve = vi.spyOn(store.events, "reserveCommand");
    const record = vi.spyOn(store.events, "recordCommand");
    const intent = intentTo(Promise.resolve(), true);
    const first = app.dispatch(charge, request, withIntent(key, intent));
    await expect.poll(() => runs.length).toBe(1);
    // Another call in this process waits for the response.
    const second = app.send(charge, { value: "5" }, key);
    gate.open();
    const { response } = await first;
    expect(response).toMatchObject({ value: "5 of somebody: 1" });
    expect(await second).toEqual(response);
    expect(intent.record).toHaveBeenCalledExactlyOnceWith({
      own: expect.objectContaining({ response }),
      response: charge.response.encode(response as never),
    });
    expect([reserve.mock.calls, record.mock.calls, intent.waitFor.mock.calls]).toEqual([[], [], []]);
  });

  it("is reserved when it is aborted while its function runs, and its response is recorded", async () => {
    const store = memory();
    const gate = createGate();
    let isRunning = false;
    const parts = createTill({
      charge: async ({ value }) => {
        isRunning = true;
        await gate.passed;
        return { value };
      },
    });
    const app = createApp({ parts: [createAccount(), ...parts], store });
    const intent = intentTo(Promise.resolve(), true);
    const controller = new AbortController();
    const call = app.dispatch(charge, request, withIntent({ ...key, signal: controller.signal }, intent));
    await expect.poll(() => isRunning).toBe(true);
    expect(intent.waitFor).not.toHaveBeenCalled();
    controller.abort(new PotterError("unavailable", "the app stops"));
    expect(intent.waitFor).toHaveBeenCalledOnce();
    await intent.waitFor.mock.calls[0]?.[0];
    const other = createApp({ parts: [createAccount(), ...createTill({ charge: ({ value }) => ({ value }) })], store });
    await expect(other.send(charge, { value: "5" }, key)).rejects.toMatchObject({ code: "aborted" });
    gate.open();
    await call.catch(() => {});
    await expect.poll(() => store.events.findCommand("", "k1")).toBeDefined();
    expect(intent.record).not.toHaveBeenCalled();
    expect((await other.send(charge, { value: "5" }, key)).value).toBe("5");
  });

  it("may be sent by others after it was aborted and has failed", async () => {
    const store = memory();
    const { app, runs } = openTill(store);
    const intent = intentTo(Promise.resolve(), true);
    const controller = new AbortController();
    const call = app.dispatch(charge, request, withIntent({ ...key, signal: controller.signal }, intent));
    await expect.poll(() => runs.length).toBe(1);
    controller.abort(new PotterError("unavailable", "the app stops"));
    await expect(call).rejects.toMatchObject({ message: "the app stops" });
    const other = openTill(store);
    other.gate.open();
    await expect.poll(() => other.app.send(charge, { value: "5" }, key).catch(() => "reserved")).not.toBe("reserved");
    expect(other.runs).toHaveLength(1);
  });
});

describe("a command whose caller stores that it sends it", () => {
  it("runs when that is stored, and is reserved before", async () => {
    const store = memory();
    const { app, gate, runs } = openTill(store);
    const reserve = vi.spyOn(store.events, "reserveCommand");
    gate.open();
    let confirm = () => {};
    const stored = new Promise<void>((resolve) => {
      confirm = resolve;
    });
    const first = app.dispatch(charge, request, withIntent(key, intentTo(stored)));
    await expect.poll(() => reserve.mock.results.length).toBe(1);
    expect(reserve).toHaveBeenCalledWith("", expect.objectContaining({ lease: 2_000_000 }));
    await reserve.mock.results[0]?.value;
    expect(runs).toEqual([]);
    confirm();
    expect((await first).response).toMatchObject({ value: "5 of somebody: 1" });
    await expect.poll(() => store.events.findCommand("", "k1")).toBeDefined();
    expect((await app.send(charge, { value: "5" }, key)).value).toBe("5 of somebody: 1");
  });

  it("does not run, and is not reserved, if that cannot be stored", async () => {
    const { app, gate, runs } = openTill();
    gate.open();
    const stored = Promise.reject(new PotterError("aborted", "not stored"));
    stored.catch(() => {});
    const call = app.dispatch(charge, request, withIntent(key, intentTo(stored)));
    await expect(call).rejects.toMatchObject({ message: "not stored" });
    expect(runs).toEqual([]);
    expect((await app.send(charge, { value: "6" }, key)).value).toBe("6 of somebody: 1");
  });
});
