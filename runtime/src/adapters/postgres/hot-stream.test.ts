// Two processes with many callers on one stream of a real server; one process is killed during the run.
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { openPostgres, url } from "./postgres.fixture.js";
import { Processes } from "./processes.fixture.js";

interface Line {
  readonly owner: number;
  readonly pid: number;
  readonly commandId?: string;
  /** The balance after the deposit, from the response. */
  readonly available?: number;
  readonly code?: string;
  readonly done?: true;
}

const callers = 30;
const each = 30;
const quantity = 3;

describe.skipIf(url === undefined)("a hot stream in PostgreSQL", () => {
  it("applies every deposit of two processes once, though one is killed and its commands are repeated", async () => {
    const under = await openPostgres();
    const folder = mkdtempSync(join(tmpdir(), "potter-hot-stream-"));
    const log = join(folder, "answers");
    writeFileSync(log, "");
    const read = () => {
      // The last line of a killed process may be incomplete.
      const complete = readFileSync(log, "utf8").split("\n").slice(0, -1);
      return complete.map((line) => JSON.parse(line) as Line);
    };
    const processes = new Processes("depositor.mjs", (number) => {
      // The third process replaces the first, which is killed.
      const owner = number === 2 ? 0 : number;
      return { url, schema: under.schema, log, owner, callers, each, sku: "hot", quantity };
    });
    try {
      const first = processes.start();
      processes.start();
      const answeredBy = (owner: number) =>
        new Set(
          read()
            .filter((line) => line.owner === owner && line.available)
            .map(({ commandId }) => commandId),
        ).size;
      const inTheMiddle = () => processes.failure ?? (answeredBy(0) >= callers && answeredBy(1) > 0);
      await expect.poll(inTheMiddle, { interval: 5 }).toBe(true);
      processes.killOne();
      const finished = () => processes.failure ?? read().filter(({ done, pid }) => done && pid !== first.pid).length;
      await expect.poll(finished, { interval: 50 }).toBe(2);
      await processes.stop();
      expect([processes.failure, processes.killed]).toEqual([undefined, 1]);

      const lines = read();
      expect(lines.filter(({ code }) => code !== undefined && code !== "aborted")).toEqual([]);
      const answers = new Map<string, number>();
      for (const { commandId, available } of lines) {
        if (commandId === undefined || available === undefined) continue;
        // A repeated command replays the recorded response, in the same process and in its successor.
        expect([commandId, available]).toEqual([commandId, answers.get(commandId) ?? available]);
        answers.set(commandId, available);
      }
      const count = 2 * callers * each;
      const byBalance = [...answers].sort(([, a], [, b]) => a - b);
      expect(byBalance.map(([, balance]) => balance)).toEqual(
        Array.from({ length: count }, (_, i) => (i + 1) * quantity),
      );
      // The stream holds exactly the acknowledged deposits, in that order.
      const events = await under.store.events.readStream({ tenant: "", type: "stock", id: "hot" });
      expect(events.map(({ causationId }) => causationId)).toEqual(byBalance.map(([commandId]) => commandId));
    } finally {
      await processes.stop();
      rmSync(folder, { recursive: true, force: true });
      await under.close();
    }
  }, 150_000);
});
