// Through PgBouncer, which assigns each transaction another connection.
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { startPgBouncer } from "../../../../../scripts/pgbouncer.mjs";
import { eventStoreConformance } from "../../../conformance/event-store/index.js";
import { rowStoreConformance } from "../../../conformance/row-store-conformance.js";
import { openPostgres, url } from "../postgres.fixture.js";
import { PostgresDriver } from "../postgres-driver.js";

let bouncer: Awaited<ReturnType<typeof startPgBouncer>> | undefined;
try {
  if (url !== undefined) bouncer = await startPgBouncer(url);
} catch (error) {
  process.stderr.write(`*** SKIPPED: what needs PgBouncer: ${(error as Error).message}\n`);
}

describe.skipIf(bouncer === undefined)("PostgreSQL through PgBouncer in transaction mode", () => {
  const through = { url: bouncer?.url ?? "", pooler: "transaction" as const };
  afterAll(() => bouncer?.stop());

  describe("conforms", () => {
    const open = () => openPostgres({ ...through, connections: 16 });
    for (const { name, run } of [...eventStoreConformance(open), ...rowStoreConformance(open)]) it(name, run, 60_000);
  });

  it("enforces timeouts though no session keeps them", async () => {
    const driver = new PostgresDriver({ ...through, statementTimeout: 100 });
    await driver.start();
    try {
      const slow = { text: "SELECT pg_sleep(2)" };
      await expect(driver.query(slow, [])).rejects.toMatchObject({ code: "deadline_exceeded" });
      const inside = driver.transaction((session) => session.query(slow, []));
      await expect(inside).rejects.toMatchObject({ code: "deadline_exceeded" });
    } finally {
      await driver.stop();
    }
    const other = new PostgresDriver(through);
    await other.start();
    for (let i = 0; i < 8; i++) {
      expect(await other.query({ text: "SHOW statement_timeout" }, [])).toEqual([{ statement_timeout: "0" }]);
    }
    await other.stop();
  });
});

describe.skipIf(url === undefined)("limits", () => {
  let driver: PostgresDriver;
  beforeAll(async () => {
    const limits = { statementTimeout: 200, lockTimeout: 50, idleInTransactionTimeout: 100 };
    driver = new PostgresDriver({ url: url ?? "", connections: 2, connectTimeout: 300, ...limits });
    await driver.start();
  });
  afterAll(() => driver?.stop());

  it("are those of the options", async () => {
    await expect(driver.query({ text: "SELECT pg_sleep(2)" }, [])).rejects.toMatchObject({ code: "deadline_exceeded" });
    const idle = driver.transaction(async (session) => {
      await new Promise((resolve) => setTimeout(resolve, 400));
      return session.query({ text: "SELECT 1" }, []);
    });
    await expect(idle).rejects.toMatchObject({
      code: "unavailable",
      message: expect.stringContaining("longer than idleInTransactionTimeout"),
    });
    const key = Math.floor(Math.random() * 2 ** 31);
    // The lock holder has no limits: on a busy machine it would be ended before the other client has tried.
    const holder = new PostgresDriver({ url: url ?? "", connections: 1 });
    await holder.start();
    await holder.transaction(async (session) => {
      await session.script(`SELECT pg_advisory_xact_lock(${key})`);
      await expect(driver.script(`SELECT pg_advisory_lock(${key})`)).rejects.toMatchObject({ code: "aborted" });
    });
    await holder.stop();
  });

  it("report that all connections are busy, with the time waited", async () => {
    // Without a limit of idle transactions: a busy machine may pause one for long.
    const busy = new PostgresDriver({ url: url ?? "", connections: 2, connectTimeout: 300 });
    await busy.start();
    const hold = () =>
      busy.transaction(async (session) => {
        for (let i = 0; i < 9; i++) {
          await new Promise((resolve) => setTimeout(resolve, 60));
          await session.query({ text: "SELECT 1" }, []);
        }
      });
    const held = [hold(), hold()];
    await new Promise((resolve) => setTimeout(resolve, 50));
    const late = busy.query({ text: "SELECT 1" }, []);
    const refused = expect(late).rejects.toMatchObject({
      code: "resource_exhausted",
      message: "all 2 connections to PostgreSQL are busy: none was free within 300 ms",
    });
    await refused;
    await Promise.all(held);
    const { connections, latency } = await busy.health();
    expect(connections).toMatchObject({ open: 2, most: 2, waiting: 0 });
    expect(connections?.longestWait).toBeGreaterThanOrEqual(250);
    expect(latency).toBeLessThan(5000);
    await busy.stop();
  });

  it("of the server are checked, with a warning if commits are not durable", async () => {
    const careless = new PostgresDriver({ url: `${url}?options=-c%20synchronous_commit%3Doff` });
    await careless.start();
    expect((await careless.health()).warnings).toEqual([
      "synchronous_commit is off: after a crash appends that were answered may be missing",
    ]);
    await careless.stop();
  });
});
