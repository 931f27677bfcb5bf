// The probes of an app: over node:http and over fetch, and what makes it unready.
import { PGlite } from "@electric-sql/pglite";
import { afterEach, expect, it, vi } from "vitest";
import { serve } from "../adapters/node/index.js";
import { pglite } from "../adapters/pglite/index.js";
import { createAccount, open } from "../aggregate/account.fixture.js";
import { silentLogger } from "../cqrs/index.js";
import { memory } from "../store/memory/index.js";
import type { Store, StoreHealth } from "../store/ports/index.js";
import { health } from "../transport/health/index.js";
import { rest } from "../transport/rest/index.js";
import type { App } from "./app.js";
import { createApp } from "./create-app.js";

const stops: (() => Promise<void>)[] = [];
afterEach(async () => {
  vi.restoreAllMocks();
  for (const stop of stops.splice(0).reverse()) await stop();
});

const createProbed = (store: Store, warn = vi.fn()): App => {
  // Nobody is allowed to call a method, and probes need no caller.
  const caller = () => Promise.reject(new Error("probes have no caller"));
  const logger = { ...silentLogger, warn };
  const app = createApp({ parts: [createAccount()], store, transports: [health(), rest()], caller, logger });
  stops.push(() => app.stop());
  return app;
};
const statusOf = async (app: App, path: string) => (await app.fetch(new Request(`http://shop${path}`))).status;
/** Lets the result of the last check expire. */
const later = (ms: number) => {
  const now = performance.now() + ms;
  vi.spyOn(performance, "now").mockReturnValue(now);
};

it("answers on node:http, until the app stops", async () => {
  const app = createProbed(memory());
  const server = await serve(app, { drainTimeout: 0 });
  stops.push(() => server.stop());
  for (const path of ["/healthz/live", "/healthz/ready"]) {
    const response = await fetch(`${server.url}${path}`);
    expect([response.status, await response.text()]).toEqual([200, "ok\n"]);
  }
  await server.stop();
  expect(await statusOf(app, "/healthz/ready")).toBe(503);
});

it("is unready while the store is away, and ready again without a restart", async () => {
  let answer: StoreHealth = { reachable: true, warnings: ["fsync is off"] };
  const warn = vi.fn();
  const app = createProbed({ ...memory(), health: async () => answer }, warn);
  expect(await statusOf(app, "/healthz/ready")).toBe(200);
  answer = { reachable: false, error: "connect ECONNREFUSED 10.0.0.7:5432", warnings: [] };
  later(1_001);
  const refused = await app.fetch(new Request("http://shop/healthz/ready"));
  expect([refused.status, await refused.text()]).toEqual([503, expect.not.stringMatching(/ECONN|10\.0|store/)]);
  expect(await statusOf(app, "/healthz/live")).toBe(200);
  expect(warn.mock.calls[0]?.[1].error.message).toBe("the store is not reachable: connect ECONNREFUSED 10.0.0.7:5432");
  answer = { reachable: true, warnings: [] };
  later(1_001);
  expect(await statusOf(app, "/healthz/ready")).toBe(200);
});

it("is unready when a later release has migrated the tables, or the tables are gone", async () => {
  const database = await PGlite.create();
  stops.push(() => database.close());
  const store = pglite({ database });
  const warn = vi.fn();
  const app = createProbed(store, warn);
  await app.send(open, { value: "a" });
  expect(await statusOf(app, "/healthz/ready")).toBe(200);
  const { known } = await store.migrations.status();
  const insert = (version: number, oldest: number) =>
    database.exec(`INSERT INTO potter.migrations (version, oldest) VALUES (${version}, ${oldest})`);
  await insert(known + 1, known);
  later(1_001);
  expect(await statusOf(app, "/healthz/ready")).toBe(200);
  await insert(known + 2, known + 2);
  later(1_001);
  expect(await statusOf(app, "/healthz/ready")).toBe(503);
  expect(warn.mock.lastCall?.[1].error.message).toBe(
    `the schema potter of pglite is at version ${known + 2}, and this release knows up to ${known}: update it`,
  );
  await database.exec("DELETE FROM potter.migrations WHERE version > 1");
  later(1_001);
  expect(await statusOf(app, "/healthz/ready")).toBe(503);
  await database.exec("DROP SCHEMA potter CASCADE");
  later(1_001);
  expect(await statusOf(app, "/healthz/ready")).toBe(503);
  expect(await statusOf(app, "/healthz/live")).toBe(200);
});
