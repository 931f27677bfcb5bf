// Restarts, replication and failover of servers.
import pg from "pg";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type PostgresServer, startPostgresServer } from "../../../../../scripts/postgres-server.mjs";
import { note } from "../../../conformance/cases/index.js";
import { toSchema } from "../../../sql/driver/schema.js";
import { url } from "../postgres.fixture.js";
import { postgres } from "../postgres.js";
import { PostgresDriver } from "../postgres-driver.js";

const request = (id: string, expectedVersion = 0) => ({
  stream: { tenant: "", type: "Note", id },
  expectedVersion,
  events: [note("x")],
  correlationId: "c",
  causationId: "k",
  metadata: {},
});

async function ask(server: PostgresServer, text: string): Promise<Record<string, unknown>> {
  const client = new pg.Client({ connectionString: server.url });
  await client.connect();
  try {
    return (await client.query(text)).rows[0];
  } finally {
    await client.end();
  }
}

async function until(condition: () => Promise<boolean>): Promise<void> {
  for (const end = Date.now() + 120_000; !(await condition()); ) {
    if (Date.now() > end) throw new Error("waited for too long");
    await new Promise((resolve) => setTimeout(resolve, 30));
  }
}

const lsnOf = async (server: PostgresServer) =>
  (await ask(server, "SELECT pg_current_wal_insert_lsn()::text AS lsn"))["lsn"] as string;

describe.skipIf(url === undefined)("PostgreSQL that fails", () => {
  let primary: PostgresServer;
  let standby: PostgresServer;
  beforeAll(async () => {
    primary = await startPostgresServer();
    standby = await primary.replica();
  });
  afterAll(async () => {
    await standby?.stop();
    await primary?.stop();
  });

  it("answers repeatable reads again after a restart", async () => {
    const driver = new PostgresDriver({ url: primary.url, connections: 4 });
    await driver.start();
    try {
      const text = "SELECT 1 AS one";
      // Connections that are idle when the server stops.
      await Promise.all(Array.from({ length: 4 }, () => driver.query({ text: "SELECT pg_sleep(0.05)" }, [])));
      const back = primary.crash();
      expect(await driver.query({ text, repeatable: true }, [])).toEqual([{ one: 1 }]);
      await back;
      const kill = { text: "SELECT pg_terminate_backend(pg_backend_pid())" };
      await expect(driver.query(kill, [])).rejects.toMatchObject({ code: "unavailable" });
      let begun = 0;
      const work = () =>
        driver.transaction(
          async (session) => {
            if (++begun < 3) await session.query(kill, []);
            return begun;
          },
          { repeatable: true },
        );
      expect(await work()).toBe(3);
    } finally {
      await driver.stop();
    }
  });

  it("is detected as a standby among several hosts, and is reported as one if it is the only host", async () => {
    const hosts = `127.0.0.1:${standby.port},127.0.0.1:${primary.port}`;
    const store = postgres({ url: primary.url.replace(/127.0.0.1:\d+/, hosts), schema: "hosts" });
    await store.start();
    expect(await store.events.append(request("a"))).toMatchObject({ kind: "appended" });
    expect(await store.health()).toMatchObject({ reachable: true, warnings: [] });
    await store.stop();

    await until(
      async () =>
        (await ask(standby, "SELECT count(*)::int AS n FROM hosts.events").catch(() => undefined))?.["n"] === 1,
    );
    const alone = postgres({ url: standby.url, schema: "hosts", retryWindow: 200 });
    await alone.start();
    try {
      expect(await alone.events.readStream(request("a").stream)).toHaveLength(1);
      await expect(alone.events.append(request("b"))).rejects.toThrow(
        "PostgreSQL takes no writes: it is a standby, or default_transaction_read_only is on",
      );
      expect(await alone.health()).toMatchObject({
        reachable: false,
        error: "PostgreSQL takes no writes: it is a standby",
      });
    } finally {
      await alone.stop();
    }
  });

  it("has a replica that answers only after it has replayed far enough", async () => {
    const driver = new PostgresDriver({ url: primary.url, replica: standby.url });
    await driver.start();
    const count = { text: "SELECT count(*)::int AS n FROM hosts.events" };
    try {
      const lsn = await lsnOf(primary);
      await until(async () => (await driver.queryReplica?.(lsn, count, [])) !== undefined);
      expect(await driver.queryReplica?.(lsn, count, [])).toEqual([{ n: 1 }]);
      // The replica is paused while the primary continues.
      await ask(standby, "SELECT pg_wal_replay_pause()");
      await until(async () => (await ask(standby, "SELECT pg_get_wal_replay_pause_state() AS s"))["s"] === "paused");
      await ask(primary, "CREATE TABLE recent AS SELECT 1 AS n");
      const later = await lsnOf(primary);
      expect(await driver.queryReplica?.(later, count, [])).toBeUndefined();
      expect(await driver.queryReplica?.(lsn, count, [])).toEqual([{ n: 1 }]);
      const { replica } = await driver.health();
      expect(replica?.reachable).toBe(true);
      expect(replica?.lag).toBeGreaterThan(0);
      await ask(standby, "SELECT pg_wal_replay_resume()");
      await until(async () => (await driver.queryReplica?.(later, count, [])) !== undefined);
      // The primary is not a replica, even at the same position.
      const wrong = new PostgresDriver({ url: primary.url, replica: primary.url });
      await wrong.start();
      expect(await wrong.queryReplica?.(later, count, [])).toBeUndefined();
      await wrong.stop();
    } finally {
      await driver.stop();
    }
  });

  it("has a replica that serves reads below the high-water mark, and is skipped for positions it has not replayed", async () => {
    const store = postgres({ url: primary.url, replica: standby.url, schema: "past" });
    await store.start();
    const append = (id: string) => store.events.append(request(id));
    const positions = async (after: number, limit: number) =>
      (await store.events.readAll(after, limit)).events.map(({ position }) => position);
    const asked = async () => {
      const text = `SELECT count(*)::int AS n FROM pg_stat_activity
        WHERE query LIKE '%past%events_archive%' AND pid <> pg_backend_pid()`;
      return (await ask(standby, text))["n"];
    };
    try {
      for (let i = 0; i < 8; i++) await append(`past-${i}`);
      const [first = 0, last = 0] = [(await positions(0, 100))[0], (await positions(0, 100)).at(-1)];
      expect(last - first).toBe(7);
      await until(async () => (await positions(first - 1, 4)).length === 4 && (await asked()) === 1);
      expect(await positions(first - 1, 4)).toEqual([first, first + 1, first + 2, first + 3]);
      await ask(standby, "SELECT pg_wal_replay_pause()");
      await until(async () => (await ask(standby, "SELECT pg_get_wal_replay_pause_state() AS s"))["s"] === "paused");
      for (let i = 8; i < 12; i++) await append(`past-${i}`);
      expect(await positions(last, 4)).toEqual([last + 1, last + 2, last + 3, last + 4]);
      expect(await positions(first - 1, 100)).toHaveLength(12);
    } finally {
      await ask(standby, "SELECT pg_wal_replay_resume()");
      await store.stop();
    }
  });

  it("has a paused replica, and a filtered read over a long log skips no event because of it", async () => {
    const options = { url: primary.url, replica: standby.url, schema: "thin" };
    const store = postgres(options);
    await store.start();
    const other = (id: string) => ({ ...request(id), stream: { tenant: "", type: "Other", id } });
    const wanted = { streamTypes: ["Other"] };
    try {
      for (let i = 0; i < 4; i++) await store.events.append(i === 1 ? other(`thin-${i}`) : request(`thin-${i}`));
      // Caches the head of the log and that the replica has replayed it.
      const text = `SELECT count(*)::int AS n FROM pg_stat_activity
        WHERE query LIKE '%thin%events_archive%' AND pid <> pg_backend_pid()`;
      await until(async () => {
        expect((await store.events.readAll(0, 2, wanted)).events).toHaveLength(1);
        return (await ask(standby, text))["n"] === 1;
      });
      await ask(standby, "SELECT pg_wal_replay_pause()");
      await until(async () => (await ask(standby, "SELECT pg_get_wal_replay_pause_state() AS s"))["s"] === "paused");
      for (let i = 4; i < 8; i++) await store.events.append(i === 6 ? other(`thin-${i}`) : request(`thin-${i}`));
      expect(await store.events.head()).toBe(8);
      const found: string[] = [];
      for (let position = 0; position < 8; ) {
        const slice = await store.events.readAll(position, 2, wanted);
        found.push(...slice.events.map(({ stream }) => stream.id));
        expect(slice.position).toBeGreaterThan(position);
        position = slice.position;
      }
      expect(found).toEqual(["thin-1", "thin-6"]);
    } finally {
      await ask(standby, "SELECT pg_wal_replay_resume()");
      await store.stop();
    }
  });

  it("fails over to its standby, where appends continue", async () => {
    const store = postgres({
      url: primary.url,
      hosts: [`127.0.0.1:${standby.port}`],
      schema: "hosts",
      retryWindow: 20_000,
    });
    await store.start();
    const rival = new pg.Client({ connectionString: standby.url });
    try {
      const before = await store.events.head();
      const { lock, appenders } = toSchema("hosts");
      await until(async () => (await ask(standby, "SELECT max(pos)::int AS n FROM hosts.events"))["n"] === before);
      // What the primary writes last never arrives.
      const sender = Number((await ask(primary, "SELECT pid FROM pg_stat_replication"))["pid"]);
      process.kill(sender, "SIGSTOP");
      for (let i = 0; i < 60; i++) await store.events.append(request(`lost-${i}`));
      expect(await store.events.head()).toBe(before + 60);
      const halted = primary.halt("SIGQUIT");
      process.kill(sender, "SIGKILL");
      await halted;
      // Reads, and appends that were not sent, wait for the next primary.
      const reading = store.events.readStream(request("a").stream);
      await standby.promote();
      expect(await reading).toHaveLength(1);
      await until(async () => {
        const result = await store.events.append(request("after")).catch(() => undefined);
        return result?.kind === "appended" || result?.kind === "conflict";
      });
      expect(await store.events.readStream(request("after").stream)).toHaveLength(1);
      // The new primary assigns some positions again: a position whose append is still in progress is not skipped.
      await rival.connect();
      await rival.query(`BEGIN; SELECT pg_advisory_xact_lock_shared(${appenders}, ${lock})`);
      const { rows } = await rival.query("SELECT nextval('hosts.positions')::int AS pos");
      const drawn = rows[0]?.pos as number;
      expect(drawn).toBeLessThan(before + 60);
      await store.events.append(request("later"));
      expect((await store.events.readAll(before, 100)).position).toBeLessThan(drawn);
      await rival.query("COMMIT");
      await until(async () => (await store.events.readAll(drawn, 100)).events[0]?.stream.id === "later");
      expect(await store.health()).toMatchObject({ reachable: true });
    } finally {
      await rival.end();
      await store.stop();
    }
  });
});
