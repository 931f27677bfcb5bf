// Sagas of processes that are killed and stopped at named points. `npm run soak -- sagas` does the same for longer.
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type PostgresServer, startPostgresServer } from "../../../../scripts/postgres-server.mjs";
import { runSagas } from "../../../../scripts/soak/sagas/index.mjs";
import { url } from "./postgres.fixture.js";

const isFull = process.env["POTTER_FULL"] === "true";

describe.skipIf(url === undefined)("sagas under stress in PostgreSQL", { timeout: 1_200_000 }, () => {
  // Its own server: it is stopped repeatedly, which no other test would survive.
  let server: PostgresServer;
  beforeAll(async () => {
    const source = process.env["POTTER_POSTGRES"] === "debian" ? { source: "debian" as const } : {};
    server = await startPostgresServer(source);
  });
  afterAll(() => server?.stop());

  const options = { sagas: 60, rounds: 1, gap: 10, open: 32, between: 500, lease: 1_000, limit: 900 };

  it("keep all invariants, whatever is killed, stopped and delivered twice, at each point", async () => {
    const { counts, violations, texts, hits } = await runSagas(server, options);
    expect(texts).toEqual([]);
    expect(new Set(Object.values(violations))).toEqual(new Set([0]));
    expect(Object.entries(hits).filter(([, count]) => count === 0)).toEqual([]);
    expect(counts).toMatchObject({ suspended: 0, left: 0 });
    expect(counts.completed + counts.compensated).toBe(counts.sagas);
    expect(3 * counts.completed).toBeGreaterThanOrEqual(counts.sagas);
    expect(counts.compensated).toBeGreaterThan(0);
    expect(counts.fenced).toBeGreaterThan(0);
    expect(counts.serverStops).toBeGreaterThan(0);
  });

  // The others are removed by hand: docs/sagas-under-stress.md lists them. The simulator removes each of them in every run.
  const guards = ["epoch of outcomes", ...(isFull ? ["command record of the receiver"] : [])];
  it.each(guards)("fail without a guard: %s", async (mutation) => {
    for (const sagas of [40, 80, 160]) {
      const { texts } = await runSagas(server, { ...options, sagas, isComplete: false, patience: 20, mutation });
      if (texts.length > 0) return;
    }
    expect.unreachable("280 sagas have not shown that the guard is missing");
  });
});
