// The command `potter` in its own process, on real stores.
import { type ChildProcess, spawn } from "node:child_process";
import { randomUUID } from "node:crypto";
import {
  cpSync,
  createWriteStream,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Readable } from "node:stream";
import { pipeline } from "node:stream/promises";
import { gunzipSync } from "node:zlib";
import { PGlite } from "@electric-sql/pglite";
import pg from "pg";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { root } from "./sources.js";

const url = process.env["POTTER_POSTGRES_URL"];

/** A project with the shop as its app, in the store that the environment names. */
const app = `import { pglite } from "@potter/runtime/pglite";
import { postgres } from "@potter/runtime/postgres";
import { createShop } from ${JSON.stringify(new URL("../examples/shop/dist/src/app.js", import.meta.url).href)};
const { MEDIUM, STORE, POTTER_POSTGRES_URL: url } = process.env;
export const app = createShop(MEDIUM === "pglite" ? pglite(STORE) : postgres({ url, schema: STORE, startTimeout: 500 }));
`;

/** Places orders, and ships every second one. */
const seed = `import { app } from "./app.js";
import { OrderService } from ${JSON.stringify(new URL("../examples/shop/dist/gen/shop/orders/v1/orders_cqrs.js", import.meta.url).href)};
for (let i = 0; i < Number(process.argv[2]); i++) {
  const lines = [{ sku: "teapot", quantity: 1, unitPrice: 1999n }];
  const { orderId } = await app.send(OrderService.methods.placeOrder, { customerEmail: "ada@example.com", lines });
  if (i % 2 === 1) await app.send(OrderService.methods.shipOrder, { orderId });
}
await app.stop();
`;

const project = mkdtempSync(join(tmpdir(), "potter-cli-"));
beforeAll(() => {
  mkdirSync(join(project, "node_modules"));
  symlinkSync(join(root, "node_modules/@potter"), join(project, "node_modules/@potter"));
  const manifest = JSON.stringify({ type: "module", potter: { app: "./app.js" } });
  for (const [path, text] of Object.entries({ "package.json": manifest, "app.js": app, "seed.js": seed })) {
    writeFileSync(join(project, path), text);
  }
});
afterAll(() => rmSync(project, { recursive: true, force: true }));

interface Ended {
  readonly code: number | null;
  readonly out: string;
  readonly err: string;
}

/** One store of the tests: the environment variables that select it. */
type Store = Readonly<Record<string, string>>;

const bin = join(root, "cli/bin/potter.js");
const start = (store: Store, args: readonly string[]): ChildProcess =>
  // PGlite is WebAssembly: in a process that ends soon, optimizing its code takes more CPU time than it saves.
  spawn(process.execPath, ["--liftoff-only", ...args], { cwd: project, env: { ...process.env, ...store } });

async function ended(child: ChildProcess): Promise<Ended> {
  const text = { out: "", err: "" };
  child.stdout?.on("data", (piece) => (text.out += piece));
  child.stderr?.on("data", (piece) => (text.err += piece));
  const code = await new Promise<number | null>((resolve) => child.on("close", resolve));
  return { code, ...text };
}

const potter = (store: Store, ...args: readonly string[]): Promise<Ended> => ended(start(store, [bin, ...args]));

async function ok(store: Store, ...args: readonly string[]): Promise<string> {
  const { code, out, err } = await potter(store, ...args);
  if (code !== 0) throw new Error(`potter ${args.join(" ")} ended with ${code}:\n${err}`);
  return out;
}

const parse = (lines: string): Record<string, unknown>[] =>
  lines.trim() === "" ? [] : lines.trimEnd().split("\n").map((line) => JSON.parse(line)); // biome-ignore format: one line

/** An empty database in a folder: copying it takes a tenth of the time of creating one. */
const template = join(project, "template");
beforeAll(async () => {
  const database = await PGlite.create(template);
  await database.close();
});

function prepare({ MEDIUM, STORE = "" }: Store): void {
  if (MEDIUM === "pglite") cpSync(template, STORE, { recursive: true });
}

const media: Readonly<Record<string, () => Store>> = {
  pglite: () => ({ MEDIUM: "pglite", STORE: join(project, `data-${randomUUID()}`) }),
  ...(url !== undefined && {
    postgres: () => ({ MEDIUM: "postgres", STORE: `cli_${randomUUID().replaceAll("-", "")}` }),
  }),
};

// One medium represents the others: on PGlite each process takes three CPU seconds to open its store, the conformance
// suites prove that the stores behave alike, and operating.test.ts runs the commands on PGlite. `npm run test:full` runs
// these tests on both.
const tested = process.env["POTTER_FULL"] === "true" ? Object.entries(media) : Object.entries(media).slice(-1);

describe.each(tested)("potter on %s", (medium, open) => {
  const store = open();
  const stores = [store];
  const another = (): Store => {
    const one = open();
    prepare(one);
    stores.push(one);
    return one;
  };
  beforeAll(async () => {
    prepare(store);
    expect(await ended(start(store, ["seed.js", "4"]))).toMatchObject({ code: 0, err: "" });
  });
  afterAll(async () => {
    if (medium !== "postgres") return;
    const client = new pg.Client({ connectionString: url });
    await client.connect();
    for (const { STORE } of stores) await client.query(`DROP SCHEMA IF EXISTS ${STORE} CASCADE`);
    await client.end();
  });

  it("follows events until Ctrl-C", async () => {
    const child = start(store, [bin, "events", "tail", "--from", "1", "--json", "--type", "order.shipped"]);
    const result = ended(child);
    await expect.poll(async () => child.stdout?.listenerCount("data")).toBe(1);
    let seen = 0;
    await new Promise<void>((resolve) => {
      child.stdout?.on("data", (piece: Buffer) => {
        seen += piece.toString().split("\n").length - 1;
        if (seen === 2) resolve();
      });
    });
    child.kill("SIGINT");
    const { code, out, err } = await result;
    expect({ code, err }).toEqual({ code: 0, err: "" });
    expect(parse(out).map(({ type }) => type)).toEqual(["order.shipped", "order.shipped"]);
  });

  it("shows the schema version and migrates the tables", async () => {
    const empty = another();
    expect(await potter(empty, "events", "export")).toMatchObject({
      code: 1,
      out: "",
      err: expect.stringMatching(
        /^potter: the schema \w+ of \w+ does not exist yet: run potter db migrate, or start the service\n$/,
      ),
    });
    expect(await ok(empty, "db", "status")).toMatch(/version {2}0, \d+ migrations? pending: run potter db migrate\n$/);
    expect(await ok(empty, "db", "migrate")).toMatch(/^schema \w+ of \w+ migrated from version 0 to \d+\n$/);
    expect(await ok(empty, "db", "migrate")).toMatch(/^schema \w+ of \w+ already has version \d+\n$/);
    expect(JSON.parse(await ok(store, "db", "status", "--json"))).toMatchObject({ pending: [], events: 6, position: 6 }); // biome-ignore format: one line
  });

  it("exports events that another store imports unchanged", async () => {
    const file = join(project, `${medium}.ndjson.gz`);
    const exported = await potter(store, "events", "export", file);
    expect(exported).toMatchObject({ code: 0, out: "", err: expect.stringMatching(/^exported 6 in .*, up to position 6\n$/) }); // biome-ignore format: one line
    const copy = another();
    expect((await potter(copy, "events", "import", file)).err).toMatch(/^imported 6 in .*; 0 already existed\n$/);
    const all = await ok(store, "events", "export");
    expect(await ok(copy, "events", "export")).toBe(all);
    expect(gunzipSync(readFileSync(file)).toString()).toBe(all);
    // Again: nothing is stored twice.
    expect((await potter(copy, "events", "import", file)).err).toMatch(/^imported 0 in .*; 6 already existed\n$/);
    expect(await ok(copy, "events", "export")).toBe(all);
  });

  it("lists, pauses and rebuilds projections", async () => {
    const name = "StockView";
    const list = async () => parse(await ok(store, "projections", "list", "--json")).filter((one) => one["mode"] === "async"); // biome-ignore format: one line
    const [before] = await list();
    expect(before).toMatchObject({ name: `shop.stock.v1.${name}`, state: "live", generation: 1, deadLetters: 0 });
    expect(await ok(store, "projections", "list")).toMatch(/shop\.orders\.v1\.OrderView .* inline /);
    expect(await potter(store, "projections", "pause", "OrderView")).toMatchObject({
      code: 1,
      err: expect.stringContaining("is kept inline by every append, so it cannot be paused"),
    });
    expect((await potter(store, "projections", "pause", name)).err).toBe(`${name} paused\n`);
    expect(await ok(store, "projections", "list")).toContain("live, paused");
    await ok(store, "projections", "resume", name);
    expect((await potter(store, "projections", "rebuild", name)).err).toMatch(
      /^rebuilt 6 in .*, new build promoted\n$/,
    );
    expect(await list()).toMatchObject([{ name: before?.["name"], state: "live", generation: 2, paused: false }]);
    expect(parse(await ok(store, "projections", "dead-letters", name, "--json"))).toEqual([]);
    expect((await potter(store, "projections", "retry", name)).err).toBe("retrying 0 keys\n");
    expect((await potter(store, "projections", "discard", name, "nobody")).err).toBe("discarded 0 events\n");
    expect(await potter(store, "projections", "rebuild", `${name}x`)).toMatchObject({
      code: 2,
      err: expect.stringContaining(`unknown read model ${name}x: did you mean `),
    });
  });

  it("erases a data subject", async () => {
    expect((await potter(store, "subjects", "erase", "nobody")).err).toContain(
      "no personal data of this subject exists",
    );
  });

  it("exports selected events", async () => {
    const ids = async (...args: string[]) => parse(await ok(store, "events", "export", ...args)).map(({ position }) => position); // biome-ignore format: one line
    const [first] = parse(await ok(store, "events", "export", "--to", "1"));
    const { id } = (first?.["stream"] ?? {}) as { id: string };
    expect(await ids("--type", "order.shipped")).toEqual([3, 6]);
    expect(await ids("--stream", `order/${id}`)).toEqual([1]);
    expect(await ids("--stream", `order/${id}`, "--tenant", "")).toEqual([1]);
    expect(await ids("--stream-type", "order", "--from", "2", "--to", "4")).toEqual([2, 3, 4]);
    expect(await ids("--tenant", "nobody")).toEqual([]);
    expect(await ids("--since", "1h")).toHaveLength(6);
    expect(await ids("--until", "1h")).toEqual([]);
  });

  it("continues a stopped export", async () => {
    const file = join(project, `${medium}-parts.ndjson.gz`);
    await ok(store, "events", "export", file, "--to", "2");
    expect(await potter(store, "events", "export", file)).toMatchObject({ code: 2, err: expect.stringContaining("already exists: use --append to continue it") }); // biome-ignore format: one line
    await ok(store, "events", "export", file, "--from", "3", "--append");
    expect(gunzipSync(readFileSync(file)).toString()).toBe(await ok(store, "events", "export"));
  });

  it("shows events in readable form", async () => {
    const [event] = parse(await ok(store, "events", "export", "--json", "--to", "1"));
    expect(event?.["json"]).toMatchObject({ customerEmail: "ada@example.com", lines: [{ sku: "teapot" }] });
    const { id } = (event?.["stream"] ?? {}) as { id: string };
    const shown = await ok(store, "events", "inspect", `order/${id}`);
    expect(shown).toMatch(/^#1 {2}order\.placed v2\n {2}stream +order\/[\w-]+, version 1\n/);
    expect(shown).toContain('"customerEmail": "ada@example.com"');
    expect(await ok(store, "events", "inspect", "--position", "1")).toBe(shown);
    expect(await ok(store, "streams", "list", "--type", "order")).toContain(`order/${id}`);
    expect(parse(await ok(store, "streams", "list", "--json"))).toHaveLength(4);
    expect(await potter(store, "events", "inspect", "order/nobody")).toMatchObject({ code: 1, err: "potter: no event in stream order/nobody: run potter streams list to see all streams\n" }); // biome-ignore format: one line
  });

  it("replays events to a function in order, or only counts them", async () => {
    writeFileSync(
      join(project, "listen.js"),
      `import { appendFileSync } from "node:fs";
export const note = async ({ position, type, message }) => appendFileSync(process.env.NOTES, JSON.stringify({ position, type, known: message !== undefined }) + "\\n");
export const refuse = ({ position }) => { if (position === 3) throw new Error("no"); };`,
    );
    const notes = join(project, `${medium}-notes.ndjson`);
    const { code, err } = await potter({ ...store, NOTES: notes }, "events", "replay", "--with", "listen.js#note", "--to", "3"); // biome-ignore format: one line
    expect({ code, err }).toEqual({ code: 0, err: expect.stringMatching(/^replayed 3 in /) });
    const seen = parse(readFileSync(notes, "utf8"));
    expect(seen.map(({ position }) => position)).toEqual([1, 2, 3]);
    expect(seen.every(({ known }) => known)).toBe(true);
    expect((await potter(store, "events", "replay", "--dry-run", "--type", "order.shipped")).err).toBe("2 events\n");
    expect(await potter(store, "events", "replay", "--with", "listen.js#refuse")).toMatchObject({
      code: 1,
      err: "potter: the function failed at position 3: no; continue with --from 3\n",
    });
    expect(await potter(store, "events", "replay", "--with", "listen.js#notes")).toMatchObject({
      code: 2,
      err: expect.stringContaining("does not export a function notes: did you mean note?"),
    });
  });

  it("rejects an invalid line by its number before it stores anything", async () => {
    const copy = another();
    const lines = (await ok(store, "events", "export")).trimEnd().split("\n");
    const file = join(project, `${medium}-broken.ndjson`);
    writeFileSync(file, [...lines.slice(0, 3), lines[3]?.slice(0, -20), ...lines.slice(4)].join("\n"));
    const refused = await potter(copy, "events", "import", file);
    expect(refused).toMatchObject({ code: 1, err: expect.stringMatching(/^potter: line 4 is not an event: invalid JSON/) }); // biome-ignore format: one line
    expect(await ok(copy, "db", "status")).toContain("version  0");
  });

  it("rejects events of a stream that has diverged", async () => {
    const copy = another();
    const file = join(project, `${medium}-conflict.ndjson`);
    const [line = ""] = (await ok(store, "events", "export")).split("\n");
    writeFileSync(file, `${line}\n`);
    await ok(copy, "events", "import", file);
    writeFileSync(file, `${line.replace(/"id":"[^"]+"/, `"id":"${randomUUID()}"`)}\n`);
    const { code, err } = await potter(copy, "events", "import", file);
    expect(code).toBe(1);
    expect(err).toMatch(/^potter: lines 1 to 1 were rejected and not stored; earlier lines are stored: the stream order .* cannot be imported: the store has another event at version 1\n$/); // biome-ignore format: one line
  });
});

describe("potter", () => {
  it("reports an unreachable database without the password", async () => {
    const store = { MEDIUM: "postgres", STORE: "x", POTTER_POSTGRES_URL: "postgres://ada:s3cret@127.0.0.1:1/shop" };
    const { code, out, err } = await potter(store, "db", "status");
    expect({ code, out }).toEqual({ code: 1, out: "" });
    expect(err).toMatch(/^potter: PostgreSQL at 127\.0\.0\.1:1\/shop cannot be reached: /);
    expect(err).not.toContain("s3cret");
  });

  it.each([
    ["does not exist", "nope.js", /module not found: .*nope\.js: build the service first, or check the path\n$/],
    ["does not load", "throws.js", /cannot load module .*throws\.js: postgres:\/\/…@db is not there\n$/],
    ["exports no app", "other.js", /other\.js exports a, b: expected export const app = createApp\(…\), or export const store = …\n$/], // biome-ignore format: one line
    ["exports something else as app", "fake.js", /fake\.js exports app, which is not an app: expected /],
  ])("reports a module that %s", async (_, path, message) => {
    writeFileSync(join(project, "throws.js"), `throw new Error("postgres://ada:s3cret@db is not there");`);
    writeFileSync(join(project, "other.js"), "export const a = 1, b = 2;");
    writeFileSync(join(project, "fake.js"), "export const app = {};");
    expect(await potter({}, "db", "status", "--app", path)).toMatchObject({ code: 1, out: "", err: expect.stringMatching(message) }); // biome-ignore format: one line
  });

  it("reports a package.json that names no app", async () => {
    const empty = join(project, "empty");
    mkdirSync(empty, { recursive: true });
    writeFileSync(join(empty, "package.json"), "{}");
    const child = spawn(process.execPath, [bin, "db", "status"], { cwd: empty });
    expect(await ended(child)).toMatchObject({ code: 2, err: expect.stringMatching(/^potter: .*package\.json does not name the module of the app: add "potter": \{ "app": /) }); // biome-ignore format: one line
  });
});

describe.skipIf(url === undefined)("potter over many events", () => {
  const store: Store = { MEDIUM: "postgres", STORE: `cli_${randomUUID().replaceAll("-", "")}` };
  const file = join(project, "many.ndjson");
  /** Few but large: the CPU time of an import depends on the number of events, its memory on their bytes. */
  const many = 12_000;
  afterAll(async () => {
    const client = new pg.Client({ connectionString: url });
    await client.connect();
    await client.query(`DROP SCHEMA IF EXISTS ${store["STORE"]} CASCADE`);
    await client.end();
  });

  // Not `maxRSS` of resourceUsage(): on Linux a process inherits it from the one that started it, here the test runner.
  const reportPeakMemory = `
    import { existsSync, readFileSync } from "node:fs";
    const kilobytes = () =>
      existsSync("/proc/self/status")
        ? /VmHWM:\\s+(\\d+)/.exec(readFileSync("/proc/self/status", "utf8"))[1]
        : process.resourceUsage().maxRSS;
    process.on("exit", () => process.stderr.write("maxRSS " + kilobytes() + "\\n"));
  `;

  /** Peak resident memory of the command, in megabytes. */
  async function measure(...args: readonly string[]): Promise<number> {
    const probe = join(project, "probe.mjs");
    writeFileSync(probe, reportPeakMemory);
    const { code, err } = await ended(start(store, ["--max-old-space-size=56", "--import", probe, bin, ...args]));
    expect(code, err).toBe(0);
    return Number(/maxRSS (\d+)/.exec(err)?.[1]) / 1024;
  }

  it("uses bounded memory", async () => {
    const bytes = Buffer.alloc(10_000, 7).toString("base64");
    const lines = function* () {
      for (let i = 0; i < many; i++) {
        const stream = { tenant: "", type: "order", id: `o${Math.floor(i / 100)}` };
        yield `${JSON.stringify({ position: i + 1, id: randomUUID(), stream, version: (i % 100) + 1, type: "order.noted", schemaVersion: 1, at: "2026-11-26T08:00:00.000Z", correlationId: "", causationId: "", metadata: {}, bytes })}\n`; // biome-ignore format: one line
      }
    };
    await pipeline(Readable.from(lines()), createWriteStream(file));
    const toImport = await measure("events", "import", file);
    const few = await measure("events", "export", join(project, "few.ndjson"), "--to", "1000");
    const all = await measure("events", "export", join(project, "all.ndjson"));
    expect(readFileSync(join(project, "all.ndjson"), "utf8").split("\n").length - 1).toBe(many);
    // The events alone are 170 MB. No heap may exceed 56 MB; memory outside of heaps is bounded here.
    expect(all - few).toBeLessThan(100);
    expect(toImport - few).toBeLessThan(100);
    process.stderr.write(`memory: import ${toImport} MB, export of 1,000 ${few} MB, of ${many} ${all} MB\n`);
  });
});
