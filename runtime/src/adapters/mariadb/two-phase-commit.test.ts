// Two-phase commit over PostgreSQL and MariaDB when processes and servers die: both or neither, and nothing stays prepared.
import { spawn } from "node:child_process";
import { fileURLToPath } from "node:url";
import { createPool, type Pool } from "mysql2/promise";
import pg from "pg";
import { afterAll, afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { startPostgresServer } from "../../../../scripts/postgres-server.mjs";
import { silentLogger } from "../../cqrs/index.js";
import { newId } from "../../message/index.js";
import { type Coordinator, createCoordinator } from "../../two-phase-commit/index.js";
import { postgresCoordinatorLog, postgresParticipant } from "../postgres/index.js";
import { Processes } from "../postgres/processes.fixture.js";
import { openMariadb, readRows } from "./mariadb.fixture.js";
import { mariadbParticipant } from "./mariadb-participant.js";

const mariadb = await openMariadb();
const postgres = mariadb && (await startPostgresServer());
const program = fileURLToPath(new URL("../../../../scripts/soak/two-phase-transfers.mjs", import.meta.url));
const isFull = process.env["POTTER_FULL"] === "true";

describe.skipIf(postgres === undefined)("two-phase commit over PostgreSQL and MariaDB", () => {
  const urls = { postgres: postgres?.url ?? "", mariadb: mariadb?.url ?? "" };
  let bank: pg.Pool;
  let savings: Pool;
  const coordinators: Coordinator[] = [];
  const warn = vi.fn();

  const startCoordinator = async (): Promise<Coordinator> => {
    const coordinator = createCoordinator({
      log: postgresCoordinatorLog({ pool: bank }),
      participants: [
        postgresParticipant({ name: "bank", pool: bank }),
        mariadbParticipant({ name: "savings", pool: savings }),
      ],
      logger: { ...silentLogger, warn },
      lease: 60_000,
      recoveryInterval: 100,
    });
    await coordinator.start();
    coordinators.push(coordinator);
    return coordinator;
  };
  /** What is left of processes that have died is due now. */
  const makeDue = () => bank.query("UPDATE potter_transactions.two_phase_commits SET due = clock_timestamp()");
  const prepared = async (): Promise<number> => {
    const { rowCount } = await bank.query("SELECT FROM pg_prepared_xacts");
    return (rowCount ?? 0) + (await readRows(savings, "XA RECOVER")).length;
  };
  /** Entries of the log and prepared branches. */
  const unfinished = async (): Promise<number> => {
    const { rowCount } = await bank.query("SELECT FROM potter_transactions.two_phase_commits");
    return (rowCount ?? 0) + (await prepared());
  };
  /** The balances of both, and the transfers that only one has. */
  const state = async () => {
    const taken = (await bank.query("SELECT id FROM transfers")).rows.map(({ id }) => id as string);
    const given = new Set((await readRows(savings, "SELECT id FROM transfers")).map((row) => row["id"] as string));
    const left = Number((await bank.query("SELECT amount FROM balance")).rows[0]?.amount);
    const saved = Number((await readRows(savings, "SELECT amount FROM balance"))[0]?.["amount"]);
    const oneSided =
      taken.filter((id) => !given.has(id)).length + given.size - taken.filter((id) => given.has(id)).length;
    return { total: left + saved, transfers: taken.length, oneSided };
  };

  beforeEach(async () => {
    bank = new pg.Pool({ connectionString: urls.postgres });
    bank.on("error", () => {});
    savings = createPool({ uri: urls.mariadb, connectionLimit: 10 });
    for (const sql of [
      "DROP TABLE IF EXISTS transfers",
      "DROP TABLE IF EXISTS balance",
      "CREATE TABLE transfers (id varchar(36) PRIMARY KEY, amount int)",
      "CREATE TABLE balance (amount int NOT NULL)",
      "INSERT INTO balance VALUES (1000000)",
    ]) {
      await bank.query(sql);
      await savings.query(sql);
    }
    warn.mockClear();
  });
  afterEach(async () => {
    for (const coordinator of coordinators.splice(0)) await coordinator.stop();
    await Promise.all([bank.end(), savings.end()]);
  });
  afterAll(() => Promise.all([mariadb?.server.stop(), postgres?.stop()]));

  /** Runs a process that kills itself at a point of its transfer. */
  const crashAt = async (crash: string): Promise<void> => {
    const child = spawn(process.execPath, [program, JSON.stringify({ ...urls, crash })], {
      stdio: ["ignore", "ignore", "pipe"],
    });
    let said = "";
    child.stderr.on("data", (chunk) => {
      said += chunk;
    });
    const signal = await new Promise((resolve) => child.once("close", (_, signal) => resolve(signal)));
    expect(signal, said).toBe("SIGKILL");
  };

  it.each([
    ["before the first prepare", 0],
    ["after prepare 1 of 2, PostgreSQL", 0],
    ["after prepare 1 of 2, MariaDB", 0],
    ["before the decision", 0],
    ["after the decision", 1],
    ["after commit 1 of 2, PostgreSQL", 1],
    ["after commit 1 of 2, MariaDB", 1],
    ["before the end", 1],
  ])("a process that is killed %s: two that recover finish its transfer", async (crash, transfers) => {
    await crashAt(crash);
    expect(await unfinished()).toBeGreaterThan(0);
    await makeDue();
    await Promise.all([startCoordinator(), startCoordinator()]);
    await expect.poll(unfinished).toBe(0);
    expect(await state()).toEqual({ total: 2_000_000, transfers, oneSided: 0 });
  });

  it.each([
    ["before the decision", 0],
    ["after the decision", 1],
  ])("a process that is killed %s, and then both servers", async (crash, transfers) => {
    await crashAt(crash);
    await makeDue();
    await Promise.all([postgres?.crash(), mariadb?.server.crash()]);
    // Connections of the pools have died.
    await expect.poll(() => startCoordinator().then(() => "started", String)).toBe("started");
    await expect.poll(() => unfinished().catch(String)).toBe(0);
    expect(await state()).toEqual({ total: 2_000_000, transfers, oneSided: 0 });
  });

  it("leaves a transaction alone that others are still preparing", async () => {
    await crashAt("before the decision");
    const coordinator = await startCoordinator();
    expect(await coordinator.recover()).toMatchObject({ committed: 0, rolledBack: 0, orphans: 0, failed: 0 });
    expect(await prepared()).toBe(2);
    await makeDue();
    await expect.poll(unfinished).toBe(0);
  });

  it("rolls back orphans of both, and warns", async () => {
    await crashAt("before the decision");
    await bank.query("DELETE FROM potter_transactions.two_phase_commits");
    await startCoordinator();
    await expect.poll(unfinished).toBe(0);
    expect(await state()).toEqual({ total: 2_000_000, transfers: 0, oneSided: 0 });
    const message = "a prepared branch without a decision is rolled back";
    const orphans = warn.mock.calls.filter(([text]) => text === message).map(([, fields]) => fields.participant);
    expect(new Set(orphans)).toEqual(new Set(["bank", "savings"]));
  });

  it("reports the age of branches whose log is lost, and leaves them alone", async () => {
    const gid = `potter:0123456789abcdef:${newId()}:bank`;
    const lost = postgresParticipant({ name: "bank", pool: bank });
    await lost.open(gid);
    await lost.prepare(gid);
    await startCoordinator();
    expect(await prepared()).toBe(1);
    await lost.rollback(gid);
  });

  it("conserves money while processes are killed at random", async () => {
    const processes = new Processes("two-phase-transfers.mjs", () => urls);
    for (let i = 0; i < 3; i++) processes.start();
    const count = async () => (await state()).transfers;
    for (let kills = 0; kills < (isFull ? 200 : 8); kills++) {
      const before = await count();
      // Each time, some go on: locks of those that died were freed by recovery.
      await expect.poll(count).toBeGreaterThan(before);
      await new Promise((resolve) => setTimeout(resolve, Math.random() * 50));
      processes.killOne();
    }
    await processes.stop();
    expect(processes.failure).toBeUndefined();
    expect(processes.killed).toBeGreaterThan(5);
    await makeDue();
    await startCoordinator();
    await expect.poll(unfinished).toBe(0);
    const { transfers, ...rest } = await state();
    expect(rest).toEqual({ total: 2_000_000, oneSided: 0 });
    expect(transfers).toBeGreaterThan(8);
  });
});
