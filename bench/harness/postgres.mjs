import { randomBytes } from "node:crypto";
import { readdirSync, readFileSync } from "node:fs";
import pg from "pg";
import { startPostgresServer } from "../../scripts/postgres-server.mjs";

let running;
let postmaster;

/**
 * The server that all benchmarks of a run share: started when first needed, or named by POTTER_POSTGRES_URL. A smoke run
 * measures nothing, so its server need not wait for the disk.
 */
export function openPostgres({ isDurable }) {
  running ??= startServer(isDurable);
  return running;
}

/** Ends the server; of one that was given, drops the databases of this run. */
export async function closePostgres() {
  if (running === undefined) return;
  const { url, stop } = await running;
  running = undefined;
  await administer(url, async (client) => {
    const { rows } = await client.query("SELECT datname FROM pg_database WHERE datname LIKE $1", [
      `bench\\_${process.pid}\\_%`,
    ]);
    for (const { datname } of rows) await client.query(`DROP DATABASE ${datname} WITH (FORCE)`);
  });
  await stop();
}

async function startServer(isDurable) {
  const given = process.env.POTTER_POSTGRES_URL;
  const settings = isDurable ? {} : { fsync: "off" };
  const { url, stop } = given ? { url: given, stop: async () => {} } : await startServerOf(settings);
  const { server_version } = await administer(
    url,
    async (client) => (await client.query("SHOW server_version")).rows[0],
  );
  return { url, version: server_version.split(" ")[0], stop };
}

async function startServerOf(settings) {
  const server = await startPostgresServer({ settings, source: process.env.POTTER_POSTGRES || undefined });
  postmaster = server.process.child.pid;
  return { url: server.url, stop: () => server.stop() };
}

/**
 * The CPU microseconds that the server has used: its processes, and those that have ended. Undefined for a server that was
 * given, and where there is no /proc.
 */
export function readPostgresCpu() {
  if (postmaster === undefined || process.platform !== "linux") return undefined;
  return readdirSync("/proc")
    .filter((name) => /^\d+$/.test(name))
    .map((pid) => readCpu(Number(pid)))
    .reduce((sum, cpu) => sum + cpu, 0);
}

/** Of a process of the server; 0 of others, and of one that has ended meanwhile. */
function readCpu(pid) {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, "utf8");
    // After the name in parentheses, which may have spaces: state, parent; 11 fields on, the ticks of ended children.
    const fields = stat
      .slice(stat.lastIndexOf(")") + 2)
      .split(" ")
      .map(Number);
    if (pid !== postmaster && fields[1] !== postmaster) return 0;
    const ended = pid === postmaster ? (fields[13] + fields[14]) * microsecondsOfTick : 0;
    return ended + Number(readFileSync(`/proc/${pid}/schedstat`, "utf8").split(" ")[0]) / 1_000;
  } catch {
    return 0;
  }
}

const microsecondsOfTick = 10_000;

/**
 * Creates a database for one contender, and returns its URL. `run`: the process that runs the benchmark; by default the parent
 * of this one.
 */
export async function createDatabase(server, run = process.ppid) {
  const name = `bench_${run}_${randomBytes(6).toString("hex")}`;
  await administer(server, (client) => client.query(`CREATE DATABASE ${name}`));
  const url = new URL(server);
  url.pathname = `/${name}`;
  return url.href;
}

async function administer(url, act) {
  const client = new pg.Client(url);
  await client.connect();
  try {
    return await act(client);
  } finally {
    await client.end();
  }
}
