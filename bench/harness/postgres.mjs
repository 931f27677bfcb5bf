import { randomBytes } from "node:crypto";
import pg from "pg";
import { startPostgresServer } from "../../scripts/postgres-server.mjs";

let running;

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
  return { url: server.url, stop: () => server.stop() };
}

/** Called by child processes: creates a database for one contender, and returns its URL. */
export async function createDatabase(server) {
  const name = `bench_${process.ppid}_${randomBytes(6).toString("hex")}`;
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
