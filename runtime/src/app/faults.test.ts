// Server errors: logged once with all details, and hidden from clients.
import { buildSchema } from "graphql";
import { afterAll, beforeAll, describe, expect, it, vi } from "vitest";
import { openDatabase, type PgliteDatabase } from "../adapters/pglite/database.js";
import { pglite } from "../adapters/pglite/index.js";
import { createAccount, open } from "../aggregate/account.fixture.js";
import { silentLogger } from "../cqrs/index.js";
import { PotterError } from "../errors/index.js";
import { toProblem } from "../http/index.js";
import { memory } from "../store/memory/index.js";
import type { Store } from "../store/ports/index.js";
import { graphql } from "../transport/graphql/index.js";
import { rest } from "../transport/rest/index.js";
import { createApp } from "./create-app.js";
import { ask, createTill } from "./till.fixture.js";

const json = { "content-type": "application/json", "x-correlation-id": "c-1" };
const secrets = /pglite|postgres|42P01|\brelation\b|potter\.|at \w+ \(/i;

describe("a statement that the database refuses", () => {
  let database: PgliteDatabase;
  let store: Store;
  beforeAll(async () => {
    database = await openDatabase(undefined);
    store = pglite({ database });
  });
  afterAll(() => database.close());

  const openApp = async () => {
    const error = vi.fn();
    const schema = buildSchema("type Query { till: String } type Subscription { till: String }");
    const fields = schema.getQueryType()?.getFields() as Record<string, { resolve?: unknown }>;
    (fields["till"] as { resolve?: unknown }).resolve = () => app.query(ask, { value: "x" }, { correlationId: "c-1" });
    const subscriptions = schema.getSubscriptionType()?.getFields() as Record<string, { subscribe?: unknown }>;
    (subscriptions["till"] as { subscribe?: unknown }).subscribe = async function* () {
      yield { till: "1" };
      await store.events.readAll(0, 1);
    };
    const app = createApp({
      parts: [
        createAccount(),
        ...createTill({
          ask: async () => ({ value: String((await store.events.readAll(0, 1)).position) }),
          async *count() {
            yield { value: "1" };
            await store.events.readAll(0, 1);
          },
        }),
      ],
      store,
      transports: [rest(), graphql({ schema })],
      logger: { ...silentLogger, error },
    });
    await app.start();
    await database.exec("ALTER TABLE potter.events RENAME TO gone; ALTER TABLE potter.commands RENAME TO gone_too");
    const post = (path: string, body: unknown, headers: object = {}) =>
      app.fetch(
        new Request(`http://localhost${path}`, {
          method: "POST",
          headers: { ...json, ...headers },
          body: JSON.stringify(body),
        }),
      );
    /** The logged lines: the one error, its call, and the error code of the database. */
    const logged = () => {
      const calls = error.mock.calls.map(([message, fields]) => [
        message,
        fields.correlationId,
        fields.error.stack.includes("sql-error"),
        fields.error.cause.code,
      ]);
      error.mockClear();
      return calls;
    };
    const close = async () => {
      await database.exec("ALTER TABLE potter.gone RENAME TO events; ALTER TABLE potter.gone_too RENAME TO commands");
      await app.stop();
    };
    return { app, post, logged, close };
  };

  it("is logged once with its cause, and hidden from clients, on every transport", async () => {
    const { app, post, logged, close } = await openApp();
    const call = ["call failed with a server error", "c-1", true, "42P01"];
    const detail = "internal error, see the log for correlation id c-1";
    try {
      const function_ = await post("/charge", "5", { "idempotency-key": "k" });
      expect([function_.status, await function_.json()]).toEqual([500, expect.objectContaining({ detail })]);
      expect(logged()).toEqual([call]);

      const query = await post("/ask", "5");
      expect(await query.json()).toMatchObject({ status: 500, detail });
      expect(logged()).toEqual([call]);

      const field = await (await post("/graphql", { query: "{ till }" })).text();
      expect(field).toContain('"code":"INTERNAL"');
      expect(field).not.toMatch(secrets);
      expect(logged()).toEqual([call]);

      const stream = await (await post("/count", "5", { accept: "text/event-stream" })).text();
      expect(stream).toContain(detail);
      expect(stream).not.toMatch(secrets);
      expect(logged()).toEqual([["request failed", "c-1", true, "42P01"]]);

      const subscription = await post("/graphql", { query: "subscription { till }" }, { accept: "text/event-stream" });
      const events = await subscription.text();
      expect(events).toContain('"code":"INTERNAL"');
      expect(events).not.toMatch(secrets);
      expect(logged()).toEqual([["a GraphQL subscription failed", "c-1", true, "42P01"]]);

      await expect(app.send(open, { value: "a" }, { correlationId: "c-1" })).rejects.toMatchObject({
        code: "internal",
      });
      expect(logged()).toEqual([call]);
      // One error that fails several calls is logged for each.
      await Promise.allSettled(["c-2", "c-3"].map((correlationId) => app.query(ask, { value: "" }, { correlationId })));
      expect(logged().map(([, id]) => id)).toEqual(["c-2", "c-3"]);
    } finally {
      await close();
    }
  });
});

describe("a deadline", () => {
  const post = (path: string, headers: object, body: unknown = "5") =>
    new Request(`http://localhost${path}`, {
      method: "POST",
      headers: { ...json, ...headers },
      body: JSON.stringify(body),
    });
  const chosen = { "request-timeout": "0.02" };

  it.each([
    ["the client has chosen, and that its handler reports,", chosen, {}, true, 0],
    ["the client has chosen, and that its handler does not know,", chosen, {}, false, 0],
    ["the app has set", {}, { maxTimeout: 20 }, true, 1],
    ["the app has set below that of the client", { "request-timeout": "60" }, { maxTimeout: 20 }, false, 1],
  ])("that %s is logged as an error only if it is the app's", async (_, headers, options, reports, times) => {
    const error = vi.fn();
    const app = createApp({
      parts: createTill({
        ask: (_, { signal }) =>
          new Promise((_, reject) => {
            if (reports) signal?.addEventListener("abort", () => reject(signal.reason));
          }),
      }),
      store: memory(),
      transports: [rest(options)],
      logger: { ...silentLogger, error },
    });
    const answer = await app.fetch(post("/ask", headers));
    expect(await answer.json()).toMatchObject({ status: 504, detail: "Ask took longer than 20 ms" });
    // What the handler makes of it is known to the bus in a later turn.
    await new Promise((resolve) => setTimeout(resolve));
    expect(error.mock.calls.map(([, fields]) => fields.error.code)).toEqual(Array(times).fill("deadline_exceeded"));
  });
});

describe("the message for clients", () => {
  it.each([
    ["unavailable", "the service is not available at the moment: try again later"],
    ["resource_exhausted", "the service has too much to do at the moment: try again later"],
    ["aborted", "the request met another one: try again"],
    ["permission_denied", "internal error, see the log for correlation id c"],
  ] as const)("of a confidential %s is neutral", (code, detail) => {
    const error = new PotterError(code, "PostgreSQL at db:5432 (08006)", { confidential: true });
    expect(toProblem(error, { correlationId: "c" }).detail).toBe(detail);
    expect(toProblem(new PotterError(code, "the bank is closed"), { correlationId: "c" }).detail).toBe(
      "the bank is closed",
    );
  });

  it("is neutral for an error with the code of a server error, whatever its source", () => {
    for (const code of ["internal", "unknown", "data_loss"] as const) {
      const { detail } = toProblem(new PotterError(code, "table x is broken"));
      expect(detail).toBe("internal error");
    }
  });

  it("requests a retry after a failed start, whose cause is only logged", async () => {
    const error = vi.fn();
    const cause = new PotterError("failed_precondition", "PostgreSQL does not let us in");
    const store = Object.assign(Object.create(memory()) as Store, { start: () => Promise.reject(cause) });
    const app = createApp({ parts: createTill(), store, logger: { ...silentLogger, error } });
    const response = await app.fetch(
      new Request("http://localhost/charge", { method: "POST", headers: json, body: '"5"' }),
    );
    expect([response.status, response.headers.get("retry-after")]).toEqual([503, "1"]);
    expect(await response.text()).not.toContain("PostgreSQL");
    expect(error.mock.calls).toEqual([["the app could not start, the next call tries again", { error: cause }]]);
  });
});
