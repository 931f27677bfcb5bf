// MariaDB as a participant in two-phase commit, on a server of its own, since tests kill it.
import { createPool, type Pool, type PoolConnection } from "mysql2/promise";
import { afterAll, afterEach, beforeEach, describe, expect, it } from "vitest";
import { participantConformance } from "../../conformance/two-phase-commit/index.js";
import { newId } from "../../message/index.js";
import { openMariadb, readRows } from "./mariadb.fixture.js";
import { mariadbParticipant } from "./mariadb-participant.js";

const opened = await openMariadb();

describe.skipIf(opened === undefined)("a MariaDB participant", () => {
  let pool: Pool;
  const stock = () => mariadbParticipant({ name: "stock", pool });
  const gidOf = (): string => `potter:0123456789abcdef:${newId()}:stock`;
  const notes = async () => (await readRows(pool, "SELECT id FROM notes ORDER BY id")).map((row) => row["id"]);

  beforeEach(async () => {
    pool = createPool({ uri: opened?.url ?? "", connectionLimit: 5 });
    await pool.query("DROP TABLE IF EXISTS notes");
    await pool.query("CREATE TABLE notes (id int PRIMARY KEY) ENGINE = InnoDB");
  });
  afterEach(() => pool.end());
  afterAll(() => opened?.server.stop());

  const underTest = async () => ({
    participant: stock(),
    peer: stock,
    write: async (connection: PoolConnection, note: string) => {
      await connection.query("INSERT INTO notes VALUES (?)", [note.codePointAt(0)]);
    },
    read: async () => (await notes()).map((id) => String.fromCodePoint(id)),
    close: async () => {},
  });
  for (const { name, run } of participantConformance(underTest)) it(name, run, 60_000);

  it("prepares what its connection has written, and commits it repeatedly, from another process too", async () => {
    const gid = gidOf();
    const own = stock();
    await own.start?.();
    await (await own.open(gid)).query("INSERT INTO notes VALUES (1)");
    await own.prepare(gid);
    await own.prepare(gid);
    const other = stock();
    expect([await other.prepared?.("potter:"), await other.prepared?.("potter:f")]).toEqual([[gid], []]);
    await other.commit(gid);
    await own.commit(gid);
    expect([await notes(), await other.prepared?.("potter:")]).toEqual([[1], []]);
  });

  it("rolls back branches that are open, prepared or absent, and closes the connection of an open one", async () => {
    const own = stock();
    const [open, prepared] = [gidOf(), gidOf()];
    const connection = await own.open(open);
    await connection.query("INSERT INTO notes VALUES (1)");
    await (await own.open(prepared)).query("INSERT INTO notes VALUES (2)");
    await own.prepare(prepared);
    for (const gid of [open, prepared, gidOf()]) await own.rollback(gid);
    await expect(connection.query("INSERT INTO notes VALUES (3)")).rejects.toThrow();
    expect([await notes(), await own.prepared?.("potter:")]).toEqual([[], []]);
  });

  it("does not take a branch for finished that another connection still holds", async () => {
    const gid = gidOf();
    const xid = `X'${Buffer.from(gid.slice(0, -6)).toString("hex")}',X'${Buffer.from("stock").toString("hex")}',${0x506f7472}`;
    const holder = await pool.getConnection();
    for (const sql of [`XA START ${xid}`, "INSERT INTO notes VALUES (1)", `XA END ${xid}`, `XA PREPARE ${xid}`]) {
      await holder.query(sql);
    }
    // What the server answers is that there is no such branch.
    await expect(pool.query(`XA COMMIT ${xid}`)).rejects.toMatchObject({ code: "ER_XAER_NOTA" });
    const committed = stock().commit(gid);
    await expect
      .poll(async () => (await readRows(pool, "SHOW STATUS LIKE 'Com_xa_commit'"))[0]?.["Value"])
      .not.toBe("0");
    holder.destroy();
    await committed;
    expect(await notes()).toEqual([1]);
  });

  it("commits a branch that has only read", async () => {
    const gid = gidOf();
    const own = stock();
    await (await own.open(gid)).query("SELECT * FROM notes");
    await own.prepare(gid);
    await own.commit(gid);
    expect(await own.prepared?.("potter:")).toEqual([]);
  });

  it("refuses COMMIT in its work, and cannot prepare after a deadlock or a cut connection", async () => {
    const own = stock();
    const [ended, cut] = [gidOf(), gidOf()];
    await expect((await own.open(ended)).query("COMMIT")).rejects.toMatchObject({ code: "ER_XAER_RMFAIL" });
    await own.rollback(ended);
    const connection = await own.open(cut);
    await connection.query("INSERT INTO notes VALUES (1)");
    await pool.query(`KILL ${connection.threadId}`);
    await expect(own.prepare(cut)).rejects.toThrow();
    await own.rollback(cut);
    expect(await notes()).toEqual([]);
  });

  it("ignores branches of other transaction managers", async () => {
    const connection = await pool.getConnection();
    for (const sql of [
      "XA START 'potter:x'",
      "INSERT INTO notes VALUES (9)",
      "XA END 'potter:x'",
      "XA PREPARE 'potter:x'",
    ]) {
      await connection.query(sql);
    }
    expect(await stock().prepared?.("potter:")).toEqual([]);
    await connection.query("XA ROLLBACK 'potter:x'");
    connection.release();
  });

  it("refuses a server that a crash makes lose what is prepared", async () => {
    await pool.query("SET GLOBAL innodb_flush_log_at_trx_commit = 2");
    await expect(stock().start?.()).rejects.toMatchObject({
      code: "failed_precondition",
      message: expect.stringContaining("innodb_flush_log_at_trx_commit = 2"),
    });
    await pool.query("SET GLOBAL innodb_flush_log_at_trx_commit = 1");
  });

  it.each(["10.4.34-MariaDB", "5.5.5-10.4.34-MariaDB", "8.0.36"])("refuses version %s", async (version) => {
    const query = async () => [[{ version, flush: 1 }]];
    const own = mariadbParticipant({ name: "stock", pool: { query } as unknown as Pool });
    await expect(own.start?.()).rejects.toMatchObject({ message: expect.stringContaining("expected MariaDB 10.5") });
  });

  it("commits after the server was killed between prepare and commit", async () => {
    const gid = gidOf();
    const own = stock();
    await (await own.open(gid)).query("INSERT INTO notes VALUES (1)");
    await own.prepare(gid);
    await opened?.server.crash();
    // The first call may meet a connection of the pool that has died.
    await expect.poll(() => own.commit(gid).then(() => "committed", String)).toBe("committed");
    expect(await notes()).toEqual([1]);
  });
});
