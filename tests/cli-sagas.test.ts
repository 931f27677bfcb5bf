// `potter saga` and `potter schedule` in processes of their own.
import { spawn } from "node:child_process";
import { randomUUID } from "node:crypto";
import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import pg from "pg";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { root } from "./sources.js";

const url = process.env["POTTER_POSTGRES_URL"];
const shop = (file: string) => JSON.stringify(new URL(`../examples/shop/dist/${file}`, import.meta.url).href);

/**
 * An app with a saga that replenishes, waits for a month and reserves what it has replenished, as the generator prints one. While the
 * file `broken` exists, the request of the last step cannot be computed.
 */
const app = `import { existsSync } from "node:fs";
import { createApp, schedule, scheduledCommands } from "@potter/runtime";
import { defineSaga, es } from "@potter/runtime/codegen/v1";
import { pglite } from "@potter/runtime/pglite";
import { postgres } from "@potter/runtime/postgres";
import { StringValueSchema } from "@bufbuild/protobuf/wkt";
import { StockService } from ${shop("gen/shop/stock/v1/stock_cqrs.js")};
import { stockItem } from ${shop("src/stock.js")};
const { POTTER_POSTGRES_URL: url, STORE } = process.env;
const { replenish, reserve, release, getStock } = StockService.methods;
const retry = { maxAttempts: 1, initialDelay: 0, maxDelay: 0 };
const restock = defineSaga({
  name: "test.v1.Restock",
  version: 1,
  codec: es(StringValueSchema),
  key: ({ value }) => value,
  steps: {
    order: { kind: "command", name: "order", after: [], command: replenish, compensation: release, retry },
    month: { kind: "timer", name: "month", after: ["order"], delay: 30 * 86_400_000 },
    shelf: { kind: "command", name: "shelf", after: ["month"], command: reserve, retry },
  },
}).saga({
  steps: {
    order: {
      command: ({ value }) => ({ sku: value, quantity: 1 }),
      compensation: ({ value }) => ({ sku: value, orderId: "o" }),
    },
    shelf: {
      command: ({ value }) => {
        if (existsSync("broken")) throw new Error("a fault of the behaviour");
        return { sku: value, orderId: "o", quantity: 1 };
      },
    },
  },
});
const first = new Date("2999-01-01T00:00:00Z");
const times = { text: "once", next: (after) => (after < first ? first : undefined) };
const request = () => ({ sku: "teapot", quantity: 1 });
export const app = createApp({
  store: url === undefined ? pglite(STORE) : postgres({ url, schema: STORE }),
  parts: [
    stockItem,
    restock,
    scheduledCommands({ methods: [replenish, reserve], retries: 0 }),
    schedule({ name: "nightly", times, method: replenish, request }),
  ],
  unimplemented: [getStock],
});
`;

/** Starts sagas that wait for a month, a scheduled command that waits, and one that has failed. */
const seed = `import { app } from "./app.js";
import { StockService } from ${shop("gen/shop/stock/v1/stock_cqrs.js")};
const { replenish, reserve } = StockService.methods;
await app.start();
const control = app.saga("test.v1.Restock");
for (const value of ["a", "b", "c"]) {
  await control.start({ value });
  for await (const { steps } of control.watch(value)) {
    if (steps.find(({ name }) => name === "month").status === "running") break;
  }
}
const { schedules } = app;
const at = new Date("2999-01-01T00:00:00Z");
await schedules.schedule(replenish, { sku: "teapot", quantity: 1 }, { id: "later", at });
await schedules.schedule(reserve, { sku: "unknown", orderId: "o", quantity: 1 }, { id: "failed", in: 0 });
while ((await schedules.list()).some(({ id, next }) => id === "failed" && next !== undefined)) {
  await new Promise((resolve) => setTimeout(resolve, 20));
}
await app.stop();
`;

/** A process of the service: works until a saga has a status. */
const work = `import { app } from "./app.js";
const [, , id, wanted] = process.argv;
await app.start();
for await (const { status } of app.saga("test.v1.Restock").watch(id)) if (status === wanted) break;
await app.stop();
`;

describe("potter", () => {
  const project = mkdtempSync(join(tmpdir(), "potter-cli-sagas-"));
  const STORE = url === undefined ? join(project, "data") : `cli_${randomUUID().replaceAll("-", "")}`;
  const broken = join(project, "broken");

  /** Runs a program of the project. */
  async function run(...args: readonly string[]) {
    const child = spawn(process.execPath, args, { cwd: project, env: { ...process.env, STORE } });
    const text = { out: "", err: "" };
    child.stdout.on("data", (piece) => (text.out += piece));
    child.stderr.on("data", (piece) => (text.err += piece));
    const code = await new Promise<number | null>((resolve) => child.on("close", resolve));
    return { code, ...text };
  }
  const potter = (...args: readonly string[]) => run(join(root, "cli/bin/potter.js"), ...args);

  /** The lines of JSON that a command prints. */
  async function read(...args: readonly string[]): Promise<readonly Record<string, unknown>[]> {
    const { code, out, err } = await potter(...args, "--json");
    expect({ code, err }).toEqual({ code: 0, err: "" });
    return out
      .split("\n")
      .filter(Boolean)
      .map((line) => JSON.parse(line));
  }
  /** Commands only write what is demanded: a process of the service does the rest. Returns the status that the saga has then. */
  async function workUntil(id: string, status: string) {
    expect(await run("work.js", id, status)).toMatchObject({ code: 0, err: "" });
    return (await read("saga", "show", "Restock", id))[0]?.["status"];
  }
  /** One after another: an embedded database is open in one process at a time. */
  async function potterAll(...calls: readonly (readonly string[])[]) {
    const results: Awaited<ReturnType<typeof potter>>[] = [];
    for (const args of calls) results.push(await potter(...args));
    return results;
  }

  beforeAll(async () => {
    const modules = join(project, "node_modules");
    mkdirSync(modules);
    for (const name of ["@potter", "@bufbuild"]) symlinkSync(join(root, "node_modules", name), join(modules, name));
    const manifest = JSON.stringify({ type: "module", potter: { app: "./app.js" } });
    for (const [path, text] of Object.entries({
      "package.json": manifest,
      "app.js": app,
      "seed.js": seed,
      "work.js": work,
    })) {
      writeFileSync(join(project, path), text);
    }
    expect(await run("seed.js")).toMatchObject({ code: 0, err: "" });
  }, 120_000);
  afterAll(async () => {
    rmSync(project, { recursive: true, force: true });
    if (url === undefined) return;
    const client = new pg.Client({ connectionString: url });
    await client.connect();
    await client.query(`DROP SCHEMA IF EXISTS ${STORE} CASCADE`);
    await client.end();
  });

  it("saga lists, shows, verifies, pauses, resumes, skips, retries and cancels sagas", async () => {
    const { out } = await potter("saga", "list", "Restock");
    expect(out.split("\n").map((line) => line.split(/ {2,}/).slice(0, 3))).toEqual([
      ["ID", "STATUS", "UNDER WAY"],
      ["a", "running", "month"],
      ["b", "running", "month"],
      ["c", "running", "month"],
      [""],
    ]);
    expect((await potter("saga", "verify", "Restock")).err).toBe("3 sagas of Restock match this definition\n");
    expect((await potter("saga", "show", "test.v1.Restock", "a")).out).toMatch(/^test.v1.Restock a: running\n/);

    expect(await potter("saga", "pause", "Restock", "a")).toEqual({ code: 0, out: "", err: "Restock a paused\n" });
    expect((await read("saga", "list", "Restock", "--paused")).map(({ id }) => id)).toEqual(["a"]);
    expect(await read("saga", "resume", "Restock", "a")).toEqual([{ applied: true }]);

    writeFileSync(broken, "");
    expect(await read("saga", "skip", "Restock", "a", "month")).toEqual([{ applied: true }]);
    expect(await workUntil("a", "suspended")).toBe("suspended");
    rmSync(broken);
    expect((await potter("saga", "retry", "Restock", "a")).err).toBe("Restock a retried\n");
    expect(await workUntil("a", "completed")).toBe("completed");

    expect((await potter("saga", "cancel", "Restock", "b")).err).toBe("Restock b cancelled\n");
    expect(await workUntil("b", "compensated")).toBe("compensated");
  }, 300_000);

  it("saga says what is wrong", async () => {
    const [unknown, missing, none, step, status] = await potterAll(
      ["saga", "list", "Restok"],
      ["saga", "pause", "Restock"],
      ["saga", "cancel", "Restock", "z", "--json"],
      ["saga", "skip", "Restock", "c", "mouth"],
      ["saga", "list", "Restock", "--status", "stuck"],
    );
    expect(unknown).toMatchObject({ code: 2, err: "potter: unknown saga Restok: did you mean Restock?\n" });
    expect(missing).toMatchObject({ code: 2, err: 'potter: saga pause expects <saga> <id>, not "Restock"\n' });
    expect(none).toMatchObject({ code: 1, out: '{"applied":false,"reason":"unknown_saga"}\n' });
    expect(step?.code).toBe(1);
    expect(step?.err).toContain("it has no such step in its version");
    expect(status?.code).toBe(2);
    expect(status?.err).toContain("--status must be one of running");
  }, 300_000);

  it("schedule lists, retries and cancels commands that are sent later", async () => {
    const failed = await read("schedule", "list", "--failed");
    const recurring = await read("schedule", "recurring");
    expect(failed).toMatchObject([{ id: "failed", attempts: 1, error: "failed_precondition" }]);
    expect(recurring).toMatchObject([{ name: "nightly", occurrence: "2999-01-01T00:00:00.000Z" }]);
    expect(await read("schedule", "retry", "failed")).toEqual([{ applied: true }]);
    expect((await potter("schedule", "cancel", "later")).err).toBe("later cancelled\n");
    const again = await potter("schedule", "cancel", "later");
    expect(again.code).toBe(1);
    expect(again.err).toContain("no scheduled command later: there is none, or it was sent, or it is being sent");
    expect((await read("schedule", "list", "--method", "Replenish")).map(({ id }) => id)).toEqual([]);
    expect(await potter("schedule", "cancel")).toMatchObject({ code: 2 });
  }, 300_000);
});
