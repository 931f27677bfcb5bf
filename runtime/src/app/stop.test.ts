import { describe, expect, it } from "vitest";
import { Account, createAccount, deposit, open } from "../aggregate/account.fixture.js";
import { eventsMethod } from "../aggregate/index.js";
import { type AnyMethod, silentLogger } from "../cqrs/index.js";
import { memory } from "../store/memory/index.js";
import type { Store } from "../store/ports/index.js";
import { createApp } from "./create-app.js";
import { ask, charge, count, createGate, createTill } from "./till.fixture.js";

const request = (value: string) => charge.request.create({ value });
const unavailable = { code: "unavailable" };

describe("an app that stops", () => {
  it("refuses new calls, finishes running calls and the calls that they make, and then closes the store", async () => {
    const gate = createGate();
    const order: string[] = [];
    const store = memory();
    const app = createApp({
      parts: createTill({
        charge: async ({ value }, { correlationId, commandId }) => {
          await gate.passed;
          const nested = await app.query(ask, { value: `${value}+` }, { correlationId, causationId: commandId });
          order.push("effect");
          return nested;
        },
      }),
      store: Object.assign(Object.create(store) as Store, { stop: async () => void order.push("closed") }),
    });
    await app.start();
    const under = app.send(charge, { value: "a" }, { commandId: "c1" });
    const stopped = app.stop();
    for (const late of [
      app.send(charge, { value: "b" }),
      app.query(ask, { value: "b" }, { correlationId: "of another" }),
      app.dispatch(ask, request("b")),
      app.waitForProjections(),
      app.start(),
    ]) {
      await expect(late).rejects.toMatchObject(unavailable);
    }
    const response = await app.fetch(new Request("http://localhost/charge", { method: "POST", body: '"b"' }));
    expect([response.status, ((await response.json()) as { code: string }).code]).toEqual([503, "unavailable"]);
    gate.open();
    expect((await under).value).toBe("a+");
    await stopped;
    expect(order).toEqual(["effect", "closed"]);
    // Its response was recorded before the store was closed.
    expect((await store.events.findCommand("", "c1"))?.response).toEqual(charge.response.encode(request("a+")));
    await expect(app.send(charge, { value: "b" })).rejects.toThrow("the app was stopped; create a new one");
  });

  it("finishes a call whose handler stops it, and the calls that the handler makes before it returns", async () => {
    let stopped: Promise<void> | undefined;
    const app = createApp({
      parts: createTill({
        charge: async ({ value }) => {
          stopped = app.stop();
          const nested = app.query(ask, { value: `${value}+` }, { correlationId: "of another" });
          const late = await Promise.resolve().then(() => app.query(ask, { value }).catch(({ code }) => code));
          return { value: `${(await nested).value} ${late}` };
        },
      }),
    });
    await app.start();
    expect(await app.send(charge, { value: "a" })).toMatchObject({ value: "a+ unavailable" });
    await stopped;
  });

  it("waits for an HTTP request whose body is still arriving", async () => {
    const order: string[] = [];
    const store = Object.assign(Object.create(memory()) as Store, { stop: async () => void order.push("closed") });
    const app = createApp({ parts: createTill(), store });
    await app.start();
    const body = new TransformStream<Uint8Array, Uint8Array>();
    const writer = body.writable.getWriter();
    const init = {
      method: "POST",
      headers: { "content-type": "application/json" },
      body: body.readable,
      duplex: "half",
    };
    const answer = app.fetch(new Request("http://localhost/charge", init as RequestInit));
    const stopped = app.stop();
    await new Promise((resolve) => setTimeout(resolve, 20));
    void writer.write(new TextEncoder().encode('"late"'));
    void writer.close();
    expect(await (await answer).json()).toBe("late");
    order.push("answered");
    await stopped;
    expect(order).toEqual(["answered", "closed"]);
  });

  it("lets a stream run to its end", async () => {
    const gate = createGate();
    const app = createApp({
      parts: createTill({
        async *count() {
          yield { value: "1" };
          await gate.passed;
          yield { value: "2" };
        },
      }),
    });
    const { response } = await app.dispatch(count, request(""));
    const items = (response as AsyncIterable<{ value: string }>)[Symbol.asyncIterator]();
    expect((await items.next()).value).toMatchObject({ value: "1" });
    let isStopped = false;
    const stopped = app.stop().then(() => {
      isStopped = true;
    });
    await new Promise((resolve) => setTimeout(resolve, 20));
    expect(isStopped).toBe(false);
    gate.open();
    expect((await items.next()).value).toMatchObject({ value: "2" });
    expect((await items.next()).done).toBe(true);
    await stopped;
  });

  it("aborts calls after its timeout: signals abort, and callers learn that the outcome is unknown", async () => {
    const never = new Promise<never>(() => {});
    const reasons: unknown[] = [];
    const warnings: unknown[] = [];
    const app = createApp({
      parts: createTill({
        charge: (_command, { signal }) => {
          signal?.addEventListener("abort", () => reasons.push(signal.reason));
          return never;
        },
        ask: () => never,
        async *count() {
          yield { value: "1" };
          await never;
        },
      }),
      stopTimeout: 50,
      logger: { ...silentLogger, warn: (message, fields) => warnings.push([message, fields]) },
    });
    const { response } = await app.dispatch(count, request(""));
    const items = (response as AsyncIterable<unknown>)[Symbol.asyncIterator]();
    await items.next();
    const gone = new AbortController();
    const left = [
      app.send(charge, { value: "a" }),
      app.send(charge, { value: "b" }, { signal: gone.signal }),
      app.dispatch(ask, request("c")),
      items.next(),
    ];
    const settled = Promise.allSettled(left);
    await app.stop();
    const outcomes = await settled;
    const message = "the app stopped before the call ended: whether it took effect is unknown";
    expect(outcomes.map((one) => one.status === "rejected" && [one.reason.code, one.reason.message])).toEqual(
      left.map(() => ["unavailable", message]),
    );
    expect(reasons).toEqual([expect.objectContaining({ message }), expect.objectContaining({ message })]);
    expect(warnings).toEqual([
      ["calls were aborted because they ran longer than stopTimeout", { calls: 4, stopTimeout: 50 }],
    ]);
    expect((await items.next().catch((error: unknown) => error)) as object).toMatchObject(unavailable);
  });

  it("runs nothing for a call that was aborted before it began", async () => {
    let runs = 0;
    const gate = createGate();
    const store = memory();
    const slow = Object.assign(Object.create(store) as Store, { start: () => gate.passed });
    const app = createApp({
      parts: createTill({ charge: async () => ({ value: `${++runs}` }) }),
      store: slow,
      stopTimeout: 20,
    });
    const call = app.send(charge, { value: "a" });
    const outcome = expect(call).rejects.toThrow("the app was stopped before it had started");
    await app.stop();
    await outcome;
    gate.open();
    await new Promise((resolve) => setTimeout(resolve, 20));
    expect(runs).toBe(0);
  });

  it("ends endless streams at once, with an error that requests clients to resume them", async () => {
    const app = createApp({ parts: [createAccount()] });
    await app.send(open, { value: "a" });
    const events: AnyMethod = eventsMethod(Account.definition);
    const { response } = await app.dispatch(events, events.request.create({}));
    const items = (response as AsyncIterable<unknown>)[Symbol.asyncIterator]();
    const waiting = items.next();
    await app.send(deposit, { value: "a:1" });
    await waiting;
    const left = expect(items.next()).rejects.toMatchObject({
      code: "unavailable",
      message: "the app is stopping: resume the stream later",
    });
    await app.stop();
    await left;
  });
});

describe("an app whose start fails", () => {
  it("retries at the next call, once for all concurrent callers", async () => {
    const store = memory();
    let isDown = true;
    let starts = 0;
    let stops = 0;
    const app = createApp({
      parts: createTill(),
      store: Object.assign(Object.create(store) as Store, {
        start: async () => {
          starts++;
          if (isDown) throw new Error("the database is down");
        },
        stop: async () => void stops++,
      }),
    });
    const first = await Promise.allSettled([app.send(charge, { value: "a" }), app.query(ask, { value: "a" })]);
    expect(first.map(({ status }) => status)).toEqual(["rejected", "rejected"]);
    expect([starts, stops]).toEqual([1, 1]);
    isDown = false;
    const answers = await Promise.all([app.send(charge, { value: "a" }), app.query(ask, { value: "b" }), app.start()]);
    expect(answers.slice(0, 2)).toMatchObject([{ value: "a" }, { value: "b" }]);
    expect(starts).toBe(2);
    await app.stop();
    expect(stops).toBe(2);
  });

  it("pauses before it retries, and a stop does not wait for the pause", async () => {
    let starts = 0;
    const store = Object.assign(Object.create(memory()) as Store, {
      start: async () => {
        starts++;
        throw new Error("the database is down");
      },
    });
    const app = createApp({ parts: createTill(), store });
    const began = performance.now();
    for (let i = 0; i < 4; i++) await app.start().catch(() => {});
    expect(performance.now() - began).toBeGreaterThan(50 + 100 + 200 - 5);
    expect(starts).toBe(4);
    const call = app.send(charge, { value: "a" });
    const outcome = expect(call).rejects.toMatchObject(unavailable);
    await app.stop();
    await outcome;
    expect(starts).toBe(4);
  });
});
