// A process that freezes in the middle of an append: the server ends its session, and readers continue.
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { createAccount, deposit, open } from "../../aggregate/account.fixture.js";
import { createApp } from "../../app/index.js";
import { getTotal, queries, sumOf, totals } from "../../app/total.fixture.js";
import { openPostgres, url } from "./postgres.fixture.js";
import { Processes } from "./processes.fixture.js";

const patience = 60_000;

describe.skipIf(url === undefined)("a process that freezes in an append", () => {
  it("loses its session after idleInTransactionTimeout, so that read models continue while it is still frozen", async () => {
    const under = await openPostgres();
    const folder = await mkdtemp(join(tmpdir(), "potter-frozen-"));
    const log = join(folder, "log");
    await writeFile(log, "");
    const { schema, store, admin } = under;
    // Commits nothing: each of its transactions freezes.
    const processes = new Processes("writer.mjs", () => ({
      ...{ url, schema, log, concurrency: 1, number: 0, freeze: 1 },
      limits: { idleInTransactionTimeout: 3_000, applicationName: `${schema}_frozen` },
    }));
    const shared = { ...store, start: async () => {}, stop: async () => {} };
    const app = createApp({ parts: [createAccount(), totals({}), queries], store: shared });
    const total = async () => sumOf(await app.query(getTotal, { value: "a" }));
    const sessions = async (state: string) => {
      const text = "SELECT count(*)::integer AS n FROM pg_stat_activity WHERE application_name = $1 AND state LIKE $2";
      return (await admin.query(text, [`${schema}_frozen`, state])).rows[0].n as number;
    };
    try {
      await app.send(open, { value: "a" });
      await app.waitForProjections();
      processes.start();
      await expect.poll(() => sessions("idle in transaction"), { timeout: patience, interval: 20 }).toBe(1);
      await app.send(deposit, { value: "a:5" });
      await expect.poll(total, { timeout: patience }).toBe(5);
      // The process is still frozen and has no session left.
      await expect.poll(() => sessions("%"), { timeout: patience }).toBe(0);
      expect(processes.failure).toBeUndefined();
    } finally {
      await app.stop();
      await processes.stop();
      await under.close();
      await rm(folder, { recursive: true, force: true });
    }
  }, 120_000);
});
