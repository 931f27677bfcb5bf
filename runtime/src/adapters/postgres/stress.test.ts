// The store in processes that are killed, on a server that is killed. `npm run soak -- stress` does the same for longer.
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type PostgresServer, startPostgresServer } from "../../../../scripts/postgres-server.mjs";
import { runStress } from "../../../../scripts/soak/stress.mjs";
import { url } from "./postgres.fixture.js";

const innocent = { lost: 0, duplicated: 0, reordered: 0, torn: 0, unproved: 0, forgotten: 0, broken: 0 };

describe.skipIf(url === undefined)("PostgreSQL under stress", () => {
  // One of its own: no other test would survive what is done to it.
  let server: PostgresServer;
  beforeAll(async () => {
    const source = process.env["POTTER_POSTGRES"] === "debian" ? { source: "debian" as const } : {};
    server = await startPostgresServer(source);
  });
  afterAll(() => server?.stop());

  it("loses, repeats and reorders nothing, whoever is killed", async () => {
    const verdict = await runStress(server, { seconds: 14 });
    expect(verdict).toMatchObject(innocent);
    expect(verdict.recorded).toBeGreaterThan(200);
    expect(verdict.acknowledged).toBeGreaterThan(100);
    for (const harm of ["writersKilled", "readersKilled", "terminated", "crashes", "prepared", "elsewhere"] as const) {
      expect([harm, verdict[harm] > 0]).toEqual([harm, true]);
    }
    expect(verdict.skipped).toBeGreaterThan(0);
  }, 90_000);

  it("finds out a reader that goes by position only", async () => {
    const verdict = await runStress(server, { seconds: 3, writers: 2, harm: false, naive: true });
    expect(verdict.lost).toBeGreaterThan(0);
    expect(verdict.forgotten).toBe(0);
  }, 60_000);

  it("finds out appenders without the lock in their functions", async () => {
    const verdict = await runStress(server, { seconds: 3, writers: 2, harm: false, unlocked: "functions" });
    expect(verdict.lost).toBeGreaterThan(0);
    expect(verdict.unproved).toBeGreaterThan(0);
  }, 60_000);

  // Of many processes, so that few appends go by one statement.
  const plain = { seconds: 5, writers: 6, concurrency: 2, harm: false, plain: true };

  it("loses, repeats and reorders nothing of appends by statements alone", async () => {
    const verdict = await runStress(server, plain);
    expect(verdict).toMatchObject(innocent);
    expect(verdict.recorded).toBeGreaterThan(100);
  }, 60_000);

  it("finds out appenders without the lock in their statements", async () => {
    const verdict = await runStress(server, { ...plain, unlocked: "statements" });
    expect(verdict.lost).toBeGreaterThan(0);
    expect(verdict.unproved).toBeGreaterThan(0);
  }, 60_000);
});
