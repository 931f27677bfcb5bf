// PostgreSQL as a participant and as the log, on a server of its own, since tests restart it.
import pg from "pg";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { type PostgresServer, startPostgresServer } from "../../../../../scripts/postgres-server.mjs";
import { coordinatorLogConformance, participantConformance } from "../../../conformance/two-phase-commit/index.js";
import { newId } from "../../../message/index.js";
import { createCoordinator } from "../../../two-phase-commit/index.js";
import { openPostgres, url } from "../postgres.fixture.js";
import { postgresCoordinatorLog } from "./postgres-coordinator-log.js";
import { postgresParticipant } from "./postgres-participant.js";

const gidOf = (participant: string): string => `potter:0123456789abcdef:${newId()}:${participant}`;

describe.skipIf(url === undefined)("PostgreSQL in two-phase commit", () => {
  let server: PostgresServer;
  let pool: pg.Pool;

  beforeAll(async () => {
    server = await startPostgresServer();
  });
  afterAll(() => server?.stop());
  beforeEach(async () => {
    pool = new pg.Pool({ connectionString: server.url });
    // Connections that wait in the pool while the server restarts.
    pool.on("error", () => {});
    await pool.query("DROP TABLE IF EXISTS notes");
    await pool.query("CREATE TABLE notes (id int PRIMARY KEY)");
  });
  afterEach(() => pool.end());

  const notes = async () => (await pool.query("SELECT id FROM notes ORDER BY id")).rows.map(({ id }) => id as number);

  describe("conforms", () => {
    const openParticipant = async () => ({
      participant: postgresParticipant({ name: "orders", pool }),
      peer: () => postgresParticipant({ name: "orders", pool }),
      write: async (client: pg.PoolClient, note: string) => {
        await client.query("INSERT INTO notes VALUES ($1)", [note.codePointAt(0)]);
      },
      read: async () => (await notes()).map((id) => String.fromCodePoint(id)),
      close: async () => {},
    });
    let schemas = 0;
    const openLog = async () => {
      const schema = `log_${++schemas}`;
      const open = () => postgresCoordinatorLog({ pool, schema });
      return { log: open(), peer: open, close: async () => void (await pool.query(`DROP SCHEMA ${schema} CASCADE`)) };
    };
    const cases = [...participantConformance(openParticipant), ...coordinatorLogConformance(openLog)];
    for (const { name, run } of cases) it(name, run, 60_000);
  });

  describe("a participant", () => {
    const participant = () => postgresParticipant({ name: "orders", pool });

    it("prepares what its client has written, and commits it repeatedly, from another process too", async () => {
      const gid = gidOf("orders");
      const orders = participant();
      const client = await orders.open(gid);
      await client.query("INSERT INTO notes VALUES (1)");
      await orders.prepare(gid);
      await orders.prepare(gid);
      expect(await notes()).toEqual([]);
      const other = participant();
      expect(await other.prepared?.("potter:")).toEqual([gid]);
      expect(await other.prepared?.("potter:f")).toEqual([]);
      await other.commit(gid);
      await orders.commit(gid);
      expect([await notes(), await other.prepared?.("potter:")]).toEqual([[1], []]);
    });

    it("rolls back branches that are open, prepared or absent, and closes the client of an open one", async () => {
      const orders = participant();
      const [open, prepared] = [gidOf("orders"), gidOf("orders")];
      const client = await orders.open(open);
      await client.query("INSERT INTO notes VALUES (1)");
      await (await orders.open(prepared)).query("INSERT INTO notes VALUES (2)");
      await orders.prepare(prepared);
      for (const gid of [open, prepared, gidOf("orders")]) await orders.rollback(gid);
      await expect(client.query("INSERT INTO notes VALUES (3)")).rejects.toThrow();
      expect([await notes(), await orders.prepared?.("potter:")]).toEqual([[], []]);
    });

    it.each([
      ["that continued after a failed statement", "INSERT INTO notes VALUES ('x')"],
      ["that the work has rolled back", "ROLLBACK"],
    ])("refuses to prepare a transaction %s", async (_, statement) => {
      const gid = gidOf("orders");
      const orders = participant();
      const client = await orders.open(gid);
      await client.query("INSERT INTO notes VALUES (1)");
      await client.query(statement).catch(() => {});
      await expect(orders.prepare(gid)).rejects.toThrow();
      await orders.rollback(gid);
      expect([await notes(), await orders.prepared?.("potter:")]).toEqual([[], []]);
    });

    it("recognizes that PREPARE rolled back, which the server does not report as an error", async () => {
      const gid = gidOf("orders");
      const orders = participant();
      await (await orders.open(gid)).query("ROLLBACK");
      await expect(orders.prepare(gid)).rejects.toMatchObject({
        code: "aborted",
        message: expect.stringContaining("nor send COMMIT or ROLLBACK"),
      });
      await orders.rollback(gid);
    });

    it("recognizes branches that somebody has ended by hand, against the decision", async () => {
      const orders = participant();
      const other = participant();
      const prepare = async (id: number) => {
        const gid = gidOf("orders");
        await (await orders.open(gid)).query("INSERT INTO notes VALUES ($1)", [id]);
        const mark = orders.markOf?.(gid);
        await orders.prepare(gid);
        expect([mark, orders.markOf?.(gid)]).toEqual([expect.stringMatching(/^\d+$/), undefined]);
        return { gid, mark };
      };
      const [lost, kept] = [await prepare(1), await prepare(2)];
      await pool.query(`ROLLBACK PREPARED '${lost.gid}'`);
      await pool.query(`COMMIT PREPARED '${kept.gid}'`);
      await expect(other.commit(lost.gid, lost.mark)).rejects.toMatchObject({
        code: "data_loss",
        message: `the branch ${lost.gid} of participant orders was rolled back by somebody else, although it was decided to commit`,
      });
      await expect(other.rollback(kept.gid, kept.mark)).rejects.toMatchObject({
        code: "data_loss",
        message: expect.stringContaining("was committed by somebody else"),
      });
      await other.commit(kept.gid, kept.mark);
      await other.rollback(lost.gid, lost.mark);
      // As after a failover to a server that has not seen the transaction.
      await expect(other.commit(gidOf("orders"), "999999999999")).rejects.toMatchObject({
        code: "data_loss",
        message: expect.stringContaining("is not known to the server"),
      });
      expect(await notes()).toEqual([2]);
    });

    it("refuses to prepare another transaction than the one that it has opened", async () => {
      const gid = gidOf("orders");
      const orders = participant();
      const client = await orders.open(gid);
      await client.query("COMMIT");
      await client.query("BEGIN");
      await client.query("INSERT INTO notes VALUES (1)");
      await expect(orders.prepare(gid)).rejects.toMatchObject({ code: "aborted" });
      await orders.rollback(gid);
      expect(await notes()).toEqual([]);
    });

    it("rejects a commit that another session is executing, or another database holds", async () => {
      const gid = gidOf("orders");
      const orders = participant();
      await (await orders.open(gid)).query("INSERT INTO notes VALUES (1)");
      await orders.prepare(gid);
      await pool.query("CREATE DATABASE elsewhere");
      const elsewhere = new pg.Pool({ connectionString: server.url.replace(/postgres$/, "elsewhere") });
      elsewhere.on("error", () => {});
      const wrong = postgresParticipant({ name: "orders", pool: elsewhere });
      await expect(wrong.commit(gid)).rejects.toThrow("belongs to another database");
      expect(await wrong.prepared?.("potter:")).toEqual([]);
      await elsewhere.end();
      await orders.rollback(gid);
    });

    it("survives a cut connection, and a crash of the server between prepare and commit", async () => {
      const orders = participant();
      const [cut, kept] = [gidOf("orders"), gidOf("orders")];
      const client = await orders.open(cut);
      await client.query("INSERT INTO notes VALUES (1)");
      // Without a listener, an error that no statement awaits ends the process.
      const listening = new Promise<number>((resolve) => {
        client.once("error", () => resolve(client.listenerCount("error")));
      });
      await pool.query("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE state = 'idle in transaction'");
      const listeners = await listening;
      await expect(orders.prepare(cut)).rejects.toThrow();
      await orders.rollback(cut);
      expect(listeners).toBe(1);
      await (await orders.open(kept)).query("INSERT INTO notes VALUES (2)");
      await orders.prepare(kept);
      await server.crash();
      await orders.commit(kept);
      expect(await notes()).toEqual([2]);
    });

    it("reports at the start that the server cannot prepare", async () => {
      const other = await startPostgresServer({ settings: { max_prepared_transactions: 0 } });
      const none = new pg.Pool({ connectionString: other.url });
      none.on("error", () => {});
      const orders = postgresParticipant({ name: "orders", pool: none });
      const coordinator = createCoordinator({ log: postgresCoordinatorLog({ pool }), participants: [orders] });
      await expect(coordinator.start()).rejects.toMatchObject({
        code: "failed_precondition",
        message: expect.stringContaining("max_prepared_transactions = 0"),
      });
      await none.end();
      await other.stop();
    });
  });

  it("refuses to prepare a transaction that has appended events", async () => {
    const under = await openPostgres();
    const events = new pg.Pool({ connectionString: url });
    events.on("error", () => {});
    const orders = postgresParticipant({ name: "orders", pool: events });
    const gid = gidOf("orders");
    const client = await orders.open(gid);
    await client.query(
      `SELECT outcome FROM ${under.schema}.append_one('', 'Note', 'slow', 0::smallint, 0, gen_random_uuid(), 'T', 1, '\\x',
        'c', 'k', '{}', NULL, NULL, NULL)`,
    );
    await expect(orders.prepare(gid)).rejects.toMatchObject({
      code: "failed_precondition",
      message: expect.stringContaining("has appended events of Potter"),
    });
    await orders.rollback(gid);
    await events.end();
    await under.close();
  });

  describe("the log", () => {
    let schema = 0;
    const createLog = (own: pg.Pool = pool) => postgresCoordinatorLog({ pool: own, schema: `log_${schema}` });
    beforeEach(() => {
      schema++;
    });

    it("is created once, by whichever process is first, and keeps its id", async () => {
      const ids = await Promise.all(Array.from({ length: 8 }, () => createLog().start()));
      expect(new Set(ids).size).toBe(1);
      expect(ids[0]).toMatch(/^[0-9a-f]{16}$/);
    });

    it("decides once: to commit, again and again, or after recovery has taken over, never", async () => {
      const log = createLog();
      await log.start();
      await log.begin("1", ["a", "b"], 60_000);
      await log.begin("2", ["a"], 0);
      expect(await log.takeDue(10, 60_000)).toEqual([
        { id: "2", state: "aborting", participants: ["a"], age: expect.any(Number) },
      ]);
      expect(await log.takeDue(10, 60_000)).toEqual([]);
      expect(await Promise.all(["1", "1", "2", "3"].map((id) => log.decide(id, 0)))).toEqual([
        "committing",
        "committing",
        "aborting",
        undefined,
      ]);
      expect(await log.takeDue(10, 60_000)).toMatchObject([{ id: "1", state: "committing" }]);
      expect((await log.find(["1", "3"])).map(({ id }) => id)).toEqual(["1"]);
      for (const id of ["1", "2", "2"]) await log.end(id);
      expect(await log.find()).toEqual([]);
    });

    it("keeps the marks of branches, also in tables that an earlier release has created", async () => {
      const log = createLog();
      await log.start();
      await pool.query(`ALTER TABLE log_${schema}.two_phase_commits DROP COLUMN marks`);
      const id = await log.start();
      expect(id).toMatch(/^[0-9a-f]{16}$/);
      await log.begin("1", ["a", "b"], 0, { a: "7" });
      await log.begin("2", ["a"], 0);
      expect(await log.find(["1", "2"])).toEqual([
        { id: "1", state: "preparing", participants: ["a", "b"], age: expect.any(Number), marks: { a: "7" } },
        { id: "2", state: "preparing", participants: ["a"], age: expect.any(Number) },
      ]);
      expect((await log.takeDue(1, 60_000))[0]?.marks).toEqual({ a: "7" });
    });

    it("says why it cannot be kept in a database", async () => {
      const replica = new pg.Pool({ connectionString: server.url, options: "-c default_transaction_read_only=on" });
      await pool.query("CREATE ROLE reader LOGIN");
      const reader = new pg.Pool({ connectionString: server.url.replace(/\/\/[^@/]*@?/, "//reader@") });
      for (const one of [replica, reader]) one.on("error", () => {});
      for (const [own, why] of [
        [replica, "it is read only, as a replica is"],
        [reader, "the user of the pool may not create it"],
      ] as const) {
        await expect(createLog(own).start()).rejects.toMatchObject({
          code: "failed_precondition",
          message: expect.stringContaining(`cannot be kept in the schema log_${schema} of this database: ${why} (`),
        });
        await own.end();
      }
    });

    it("repeats a decision that is under way without an answer as what it will be", async () => {
      const log = createLog();
      await log.start();
      await log.begin("1", ["a"], 60_000);
      const slow = await pool.connect();
      await slow.query("BEGIN");
      await slow.query(`UPDATE log_${schema}.two_phase_commits SET state = 'committing'`);
      const again = log.decide("1", 60_000);
      await expect
        .poll(async () => (await pool.query("SELECT FROM pg_locks WHERE NOT granted")).rowCount)
        .toBeGreaterThan(0);
      await slow.query("COMMIT");
      slow.release();
      expect(await again).toBe("committing");
    });

    it("gives each due entry to one of those who take over at the same time", async () => {
      const log = createLog();
      await log.start();
      for (let i = 0; i < 40; i++) await log.begin(String(i), ["a"], 0);
      const taken = await Promise.all(Array.from({ length: 8 }, () => log.takeDue(10, 60_000)));
      const ids = taken.flat().map(({ id }) => id);
      expect(new Set(ids).size).toBe(ids.length);
    });

    it("has a decision on disk before it answers, also with synchronous_commit = off", async () => {
      await pool.query("ALTER SYSTEM SET wal_writer_delay = '10s'");
      await pool.query("SELECT pg_reload_conf()");
      const careless = new pg.Pool({ connectionString: server.url, options: "-c synchronous_commit=off" });
      careless.on("error", () => {});
      const log = createLog(careless);
      await log.start();
      await log.begin("1", ["a"], 60_000);
      await log.decide("1", 60_000);
      await server.crash();
      expect(await createLog().find()).toMatchObject([{ id: "1", state: "committing" }]);
      await careless.end();
    });
  });
});
