// Stress test of the event store: writers and readers are killed, and so is the server. Returns the violations found.
import { spawn } from "node:child_process";
import { statSync } from "node:fs";
import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { postgres } from "../../runtime/dist/adapters/postgres/index.js";
import {
  asAdmin,
  crashServer,
  endPrepared,
  freezeProcesses,
  keepOthersBusy,
  killProcesses,
  prepareAppends,
  terminateBackends,
} from "./fault-injection.mjs";
import { patiently, sleep } from "./shared.mjs";
import { findViolations } from "./verdict.mjs";

/** How long a writer's transaction may be idle, and how long a frozen process sleeps at most, in milliseconds. */
const idleInTransactionTimeout = 1_000;
const longestFreeze = 2_000;

/** How long readers may take to catch up after the writers have ended, in milliseconds. */
const patience = 120_000;

/**
 * Runs `writers` processes with `concurrency` appenders each, and `readers` processes. `faults: false` injects only delays and
 * rollbacks. Controls whose violations must be found: `naive` readers go by position only; `unlocked` appenders take no lock in
 * their `functions` or in their `statements`. `plain`: appenders use statements only, each on its own streams.
 */
export async function runStress(server, options = {}) {
  const { seconds = 15, writers = 4, concurrency = 8, readers = 2, faults = true, crashes = 2 } = options;
  const {
    naive = false,
    unlocked,
    plain = unlocked === "statements",
    schema = `soak_${Date.now().toString(36)}`,
  } = options;
  const { url } = server;
  const folder = await mkdtemp(join(tmpdir(), "potter-soak-"));
  const counts = {
    writersKilled: 0,
    readersKilled: 0,
    terminated: 0,
    crashes: 0,
    prepared: 0,
    elsewhere: 0,
    frozen: 0,
  };
  const store = postgres({ url, schema, connections: 1 });
  await store.start();
  await store.stop();
  if (plain) await asAdmin(url, (client) => slowDown(client, schema));
  if (unlocked === "functions") await asAdmin(url, (client) => removeLock(client, schema));

  const children = [];
  try {
    const start = async (program, name, config) => {
      const log = join(folder, name);
      await writeFile(log, "");
      const child = new Child(program, { url, schema, log, ...config });
      children.push(child);
      return child;
    };
    const reading = [];
    for (let i = 0; i < readers; i++) reading.push(await start("reader.mjs", `reader-${i}`, { naive }));
    const writing = [];
    const freezing = faults && { freeze: 0.01, limits: { idleInTransactionTimeout } };
    for (let i = 0; i < writers; i++)
      writing.push(await start("writer.mjs", `writer-${i}`, { concurrency, plain, unlocked, number: i, ...freezing }));

    const end = Date.now() + seconds * 1000;
    const running = () => Date.now() < end && children.every((child) => child.error === undefined);
    const context = { url, schema, server, seconds, running, counts };
    await Promise.all([
      (async () => {
        while (running()) await sleep(50);
      })(),
      ...(faults
        ? [
            terminateBackends(context),
            killProcesses({ ...context, children: writing, every: 700, name: "writersKilled" }),
            killProcesses({ ...context, children: reading, every: 900, name: "readersKilled" }),
            freezeProcesses({ ...context, children: writing, longest: longestFreeze }),
            crashServer({ ...context, times: crashes }),
            prepareAppends(context),
            keepOthersBusy(context),
          ]
        : []),
    ]);
    await Promise.all(writing.map((child) => child.end("SIGTERM")));
    await endPrepared(url, "COMMIT");
    const recorded = await patiently(() => asAdmin(url, (client) => readRecorded(client, schema)));
    const target = recorded.at(-1)?.pos ?? 0;
    const logs = () => Promise.all(reading.map(({ log }) => readLines(log)));
    for (const until = Date.now() + patience; Date.now() < until; await sleep(100)) {
      if ((await logs()).every((slices) => (slices.at(-1)?.to ?? 0) >= target)) break;
    }
    // Another moment, in which a duplicate would arrive.
    await sleep(200);
    await Promise.all(reading.map((child) => child.end("SIGKILL")));
    const failed = children.find((child) => child.error !== undefined);
    if (failed !== undefined) throw failed.error;
    const skips = await patiently(() => asAdmin(url, (client) => readSkips(client, schema)));
    const acknowledged = (await Promise.all(writing.map(({ log }) => readLines(log)))).flat();
    return { ...findViolations({ recorded, acknowledged, readers: await logs(), skips }), ...counts };
  } finally {
    await Promise.all(children.map((child) => child.end("SIGKILL")));
    await rm(folder, { recursive: true, force: true });
  }
}

/** A process, restarted when it is killed. */
class Child {
  constructor(program, config) {
    this.program = fileURLToPath(new URL(program, import.meta.url));
    this.config = config;
    this.log = config.log;
    this.error = undefined;
    this.start();
  }

  start() {
    const child = spawn(process.execPath, [this.program, JSON.stringify(this.config)], {
      stdio: ["ignore", "ignore", "pipe"],
    });
    let output = "";
    child.stderr.on("data", (chunk) => {
      output += chunk;
    });
    this.process = child;
    this.before = statSync(this.log).size;
    this.exited = new Promise((resolve) => child.once("close", resolve)).then((code) => {
      if (code !== 0 && code !== null) this.error = new Error(`${this.program} exited with ${code}: ${output.trim()}`);
    });
  }

  /** Whether it has written something since its start. */
  get hasWorked() {
    return statSync(this.log).size > this.before;
  }

  async replace() {
    await this.end("SIGKILL");
    if (this.error === undefined) this.start();
  }

  signal(name) {
    this.process.kill(name);
  }

  async end(signal) {
    this.process.kill(signal);
    // It may be frozen.
    this.process.kill("SIGCONT");
    await this.exited;
  }
}

/** The complete lines of a file. */
async function readLines(path) {
  const text = await readFile(path, "utf8");
  const whole = text.slice(0, text.lastIndexOf("\n") + 1).trimEnd();
  return whole === "" ? [] : whole.split("\n").map((line) => JSON.parse(line));
}

async function readRecorded(client, schema) {
  const text = `SELECT pos, id, stream_id AS stream, version FROM ${schema}.events ORDER BY pos`;
  return (await client.query(text)).rows.map((row) => ({ ...row, pos: Number(row.pos), version: Number(row.version) }));
}

async function readSkips(client, schema) {
  const { rows } = await client.query(`SELECT first, last FROM ${schema}.position_gaps`);
  return rows.map(({ first, last }) => ({ first: Number(first), last: Number(last) }));
}

/** Makes some inserts wait before they commit, like transactions that work between their statements. */
async function slowDown(client, schema) {
  await client.query(`CREATE FUNCTION ${schema}.wait() RETURNS trigger LANGUAGE plpgsql AS
    'BEGIN IF random() < 0.1 THEN PERFORM pg_sleep(0.3); END IF; RETURN NULL; END'`);
  await client.query(`CREATE TRIGGER wait AFTER INSERT ON ${schema}.events EXECUTE FUNCTION ${schema}.wait()`);
}

/** Replaces the append functions by ones that take no lock. A control: the test must find violations. */
async function removeLock(client, schema) {
  const { rows } = await client.query(
    `SELECT pg_get_functiondef(p.oid) AS text FROM pg_proc p JOIN pg_namespace n ON n.oid = p.pronamespace
     WHERE n.nspname = $1 AND p.prosrc LIKE '%pg_advisory_xact_lock_shared%'`,
    [schema],
  );
  if (rows.length === 0) throw new Error("no function takes the lock of appenders");
  for (const { text } of rows) {
    const without = text.replaceAll(/PERFORM\s+pg_advisory_xact_lock_shared\([^;]*\);/g, "");
    if (without.includes("pg_advisory_xact_lock_shared"))
      throw new Error(`the lock could not be removed from:\n${text}`);
    await client.query(without);
  }
}
