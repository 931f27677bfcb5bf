// Messages in the outbox of a real server, sent by processes that kill themselves between publishing a message and recording it.
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { note, streamOf } from "../../conformance/cases/index.js";
import { openPostgres, url } from "./postgres.fixture.js";
import { Processes } from "./processes.fixture.js";

interface Sent {
  readonly pid: number;
  readonly stream: string;
  readonly version: number;
  readonly id: string;
  readonly epoch: number;
}

describe.skipIf(url === undefined)("the outbox in PostgreSQL, relayed by processes that are killed", () => {
  it("loses nothing, sends again only what was not acknowledged, and keeps the order of each stream", async () => {
    const under = await openPostgres();
    const { store, schema } = under;
    const folder = mkdtempSync(join(tmpdir(), "potter-outbox-"));
    const log = join(folder, "sent");
    writeFileSync(log, "");
    const relays = new Processes("relay.mjs", () => ({ url, schema, log, most: 60, lease: 400, batchSize: 25 }));
    try {
      const left = new Map<string, string[]>();
      const leave = async (id: string) => {
        const ids: string[] = [];
        left.set(id, ids);
        for (let i = 0; i < 40; i++) {
          const events = [note(`${id}${i}`), note(`${id}${i}'`)].slice(i % 2);
          const result = await store.states?.write({
            stream: streamOf(id),
            expectedVersion: ids.length,
            events,
            correlationId: "c",
            causationId: "k",
            metadata: {},
            state: { stateVersion: 1, bytes: new Uint8Array() },
            outbox: true,
          });
          expect(result?.kind).toBe("appended");
          ids.push(...events.map((event) => event.id));
          await new Promise((resolve) => setTimeout(resolve, 40 * Math.random()));
        }
      };
      relays.start();
      relays.start();
      await Promise.all(["a", "b", "c", "d", "e", "f"].map(leave));
      const settled = async () => relays.failure ?? (await store.outbox?.backlog())?.waiting;
      await expect.poll(settled, { interval: 100 }).toBe(0);
      await relays.stop();
      expect(relays.failure).toBeUndefined();
      // Of the 360 messages the last two processes publish at most 120, so at least four others were killed before them.
      expect(relays.killed).toBeGreaterThanOrEqual(4);

      const sent = readFileSync(log, "utf8").trimEnd().split("\n").map((line) => JSON.parse(line) as Sent); // biome-ignore format: one line
      // One relay at a time: a relay with a lower epoch sends nothing.
      expect(sent.filter(({ epoch }, i) => epoch < (sent[i - 1]?.epoch ?? 0))).toEqual([]);
      for (const [stream, ids] of left) {
        const own = sent.filter((message) => message.stream === stream);
        // Each message keeps its id, however often it is sent.
        expect(own.map(({ id }) => id)).toEqual(own.map(({ version }) => ids[version - 1]));
        expect(new Set(own.map(({ id }) => id)).size).toBe(ids.length);
        // The next in order or, under a new lease, one that was sent but not acknowledged.
        let before: Sent | undefined;
        for (const message of own) {
          if (before === undefined) expect(message.version).toBe(1);
          else if (message.epoch === before.epoch) expect(message.version).toBe(before.version + 1);
          else expect(message.version).toBeLessThanOrEqual(before.version + 1);
          before = message;
        }
      }
      expect(sent.length).toBeGreaterThan([...left.values()].flat().length);
    } finally {
      await relays.stop();
      rmSync(folder, { recursive: true, force: true });
      await under.close();
    }
  });
});
