// The store in processes that are killed, on a server that is killed. `npm run soak -- stress` does the same for longer.
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type PostgresServer, startPostgresServer } from "../../../../scripts/postgres-server.mjs";
import { runStress, type StressOptions, type StressVerdict } from "../../../../scripts/soak/stress.mjs";
import { url } from "./postgres.fixture.js";

const innocent = { lost: 0, duplicated: 0, reordered: 0, torn: 0, unproved: 0, forgotten: 0, broken: 0 };

describe.skipIf(url === undefined)("PostgreSQL under stress", { timeout: 900_000 }, () => {
  // Its own server: it is killed repeatedly, which no other test would survive.
  let server: PostgresServer;
  beforeAll(async () => {
    const source = process.env["POTTER_POSTGRES"] === "debian" ? { source: "debian" as const } : {};
    server = await startPostgresServer(source);
  });
  afterAll(() => server?.stop());

  /**
   * Runs the stress for longer each time until a run shows the expected effect: a busy machine does less in a second. No run may
   * break the invariants.
   */
  async function stress(
    { seconds, ...options }: StressOptions & { seconds: number },
    hasShown: (verdict: StressVerdict) => boolean,
    always: Partial<StressVerdict>,
  ): Promise<StressVerdict> {
    for (const factor of [1, 2, 4, 8]) {
      const verdict = await runStress(server, { ...options, seconds: seconds * factor });
      expect(verdict).toMatchObject(always);
      if (hasShown(verdict)) return verdict;
    }
    throw new Error(`${seconds * 15} seconds of stress did not show what was asked for: ${hasShown}`);
  }

  const injections = [
    "writersKilled",
    "readersKilled",
    "terminated",
    "crashes",
    "prepared",
    "elsewhere",
    "frozen",
  ] as const;

  it("loses, repeats and reorders nothing, whichever process is killed", async () => {
    await stress(
      { seconds: 14 },
      ({ recorded, acknowledged, skipped, ...verdict }) =>
        recorded > 200 && acknowledged > 100 && skipped > 0 && injections.every((name) => verdict[name] > 0),
      innocent,
    );
  });

  const isFound = ({ lost, unproved }: StressVerdict) => lost > 0 && unproved > 0;

  it("detects a reader that relies on positions only", async () => {
    const options = { seconds: 3, writers: 2, faults: false, naive: true };
    await stress(options, ({ lost }) => lost > 0, { forgotten: 0 });
  });

  it("detects appenders without the lock in their functions", async () => {
    await stress({ seconds: 3, writers: 2, faults: false, unlocked: "functions" }, isFound, {});
  });

  // Many processes, so that few appends share a statement.
  const plain = { seconds: 5, writers: 6, concurrency: 2, faults: false, plain: true };

  it("loses, repeats and reorders nothing if appends use statements only", async () => {
    await stress(plain, ({ recorded }) => recorded > 100, innocent);
  });

  it("detects appenders without the lock in their statements", async () => {
    await stress({ ...plain, unlocked: "statements" }, isFound, {});
  });
});
