import { randomUUID } from "node:crypto";
import pg from "pg";
import { describe, expect, it } from "vitest";
import { note } from "../../conformance/cases/index.js";
import { createSqlStore } from "../../sql/index.js";
import type { Store } from "../../store/ports/index.js";
import { url } from "./postgres.fixture.js";
import { PostgresDriver } from "./postgres-driver.js";

const streams = Array.from({ length: 24 }, (_, i) => ({ tenant: i % 2 === 0 ? "" : "t", type: "Note", id: `${i}` }));

interface Opened {
  readonly store: Store;
  /** The names of the statements that the store has sent. */
  readonly statements: string[];
  close(): Promise<void>;
}

async function open(): Promise<Opened> {
  const schema = `test_${randomUUID().replaceAll("-", "")}`;
  const driver = new PostgresDriver({ url: url ?? "", connections: 8 });
  const statements: string[] = [];
  const { query } = driver;
  driver.query = (statement, values) => {
    statements.push(statement.name ?? statement.text);
    return query.call(driver, statement, values);
  };
  const store = createSqlStore(driver, { schema });
  await store.start();
  return {
    store,
    statements,
    async close() {
      await store.stop();
      const admin = new pg.Client({ connectionString: url });
      await admin.connect();
      await admin.query(`DROP SCHEMA ${schema} CASCADE`);
      await admin.end();
    },
  };
}

const context = { correlationId: "c", causationId: "k", metadata: {} };

describe.skipIf(url === undefined)("concurrent loads of streams", () => {
  it.each([
    ["all events", {}],
    ["events after a version", { after: 1 }],
    ["snapshots", { stateVersion: 1 }],
  ])("share statements and find the same as single ones: %s", async (_, from) => {
    const { store, statements, close } = await open();
    try {
      // Every third stream has a snapshot, every fourth archived events, and some do not exist.
      for (const [i, stream] of streams.slice(0, 20).entries()) {
        const events = Array.from({ length: 1 + (i % 5) }, (_, n) => note(`${i} ${n}`));
        await store.events.append({ stream, expectedVersion: 0, events, ...context });
        if (i % 3 === 0) {
          await store.events.saveSnapshot(stream, {
            version: 1,
            stateVersion: 1 + (i % 2),
            state: new Uint8Array([i]),
          });
        }
        if (i % 4 === 0) await store.events.archiveEvents(stream, 1);
      }
      const single = [];
      for (const stream of streams) single.push(await store.events.loadStream(stream, from));
      statements.length = 0;
      const shared = await Promise.all(streams.map((stream) => store.events.loadStream(stream, from)));
      expect(shared).toEqual(single);
      expect(single.filter(({ events }) => events.length > 0).length).toBeGreaterThan(10);
      expect(statements.length).toBeLessThanOrEqual(6);
    } finally {
      await close();
    }
  });
});

describe.skipIf(url === undefined)("concurrent look-ups of commands", () => {
  it("share statements and find the same as single ones", async () => {
    const { store, statements, close } = await open();
    try {
      // Every second command is recorded, and one is only reserved.
      for (const [i, stream] of streams.entries()) {
        if (i % 2 === 1) continue;
        const command = { id: `c\0${i}`, requestHash: `h${i}`, response: new Uint8Array([i]) };
        await store.events.append({ stream, expectedVersion: 0, events: [note("x")], ...context, command });
      }
      const reservation = { id: "c\u00001", requestHash: "h", holder: randomUUID(), lease: 60_000 };
      await store.events.reserveCommand("", reservation);
      const find = (_: unknown, i: number) => store.events.findCommand("", `c\0${i}`);
      const single = [];
      for (const [i] of streams.entries()) single.push(await find(undefined, i));
      statements.length = 0;
      expect(await Promise.all(streams.map(find))).toEqual(single);
      expect(single.map((found) => found?.requestHash)).toEqual(
        streams.map((_, i) => (i % 2 === 0 ? `h${i}` : undefined)),
      );
      expect(statements.length).toBeLessThanOrEqual(4);
    } finally {
      await close();
    }
  });
});
