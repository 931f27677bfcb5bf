import pg from "pg";
import { describe, expect, it } from "vitest";
import { note } from "../../conformance/cases/index.js";
import { expectNothingLost, runReadAllStress } from "../../conformance/event-store/index.js";
import { subscribe } from "../../store/subscriptions/index.js";
import { openPostgres, type PostgresUnderTest, url } from "./postgres.fixture.js";

function append({ store }: PostgresUnderTest, id: string, expectedVersion = 0) {
  const stream = { tenant: "", type: "Note", id };
  return store.events.append({
    stream,
    expectedVersion,
    events: [note(id)],
    correlationId: "c",
    causationId: "k",
    metadata: {},
  });
}

/** Calls the SQL function of the store directly, within a transaction that the test holds open. */
function appendBy(client: pg.Client, schema: string, id: string) {
  return client.query(
    `SELECT outcome FROM ${schema}.append_one('', 'Note', $1, 0::smallint, 0, gen_random_uuid(), 'T', 1, '\\x', 'c', 'k', '{}',
      NULL, NULL, NULL)`,
    [id],
  );
}

async function idsAfter({ store }: PostgresUnderTest, after: number): Promise<{ ids: string[]; position: number }> {
  const { events, position } = await store.events.readAll(after, 100);
  return { ids: events.map(({ stream }) => stream.id), position };
}

/** Follows all events by position only, which looks right and is not. */
class NaiveFollower {
  readonly seen = new Set<string>();
  private position = 0;
  private running = true;

  async follow(schema: string): Promise<void> {
    const client = new pg.Client({ connectionString: url });
    await client.connect();
    while (this.running) {
      const { rows } = await client.query(`SELECT pos, id FROM ${schema}.events WHERE pos > $1 ORDER BY pos LIMIT 50`, [
        this.position,
      ]);
      for (const { pos, id } of rows) {
        this.position = Number(pos);
        this.seen.add(id);
      }
    }
    await client.end();
  }

  stop(): void {
    this.running = false;
  }
}

describe.skipIf(url === undefined)("reading all streams of PostgreSQL, at POTTER_POSTGRES_URL", () => {
  it("loses nothing while backends are killed mid-transaction, unlike a naive reader", async () => {
    const under = await openPostgres();
    const naive = new NaiveFollower();
    let killed = 0;
    try {
      const following = naive.follow(under.schema);
      const report = await runReadAllStress(under, {
        milliseconds: 8000,
        writers: 18,
        async disturb() {
          await new Promise((resolve) => setTimeout(resolve, 25));
          const { rowCount } = await under.admin.query(
            `SELECT pg_terminate_backend(pid) FROM pg_stat_activity
             WHERE application_name = $1 AND state = 'idle in transaction' ORDER BY random() LIMIT 1`,
            [under.schema],
          );
          killed += rowCount ?? 0;
        },
      });
      naive.stop();
      await following;
      const { rows } = await under.admin.query(
        `SELECT count(*)::int AS ranges, coalesce(sum(last - first + 1), 0)::int AS n FROM ${under.schema}.position_gaps`,
      );
      const missed = [...report.recorded].filter((id) => !naive.seen.has(id)).length;
      expectNothingLost(report);
      expect(killed).toBeGreaterThan(20);
      expect(report.unknown).toBeGreaterThan(0);
      expect(rows[0].n).toBe(report.skipped);
      expect(report.skipped).toBeGreaterThan(0);
      expect(missed).toBeGreaterThan(0);
    } finally {
      naive.stop();
      await under.close();
    }
  });

  it("searches a long log for matching events in parts", async () => {
    const under = await openPostgres();
    try {
      await under.admin.query(
        `INSERT INTO ${under.schema}.events
          SELECT pos, '', 'Note', pos::text, 1, CASE WHEN pos = 150000 THEN 'rare' ELSE 'often' END, 1, 0, gen_random_uuid(), now(), 'c', 'k', '', '{}'
          FROM generate_series(1, 150000) pos`,
      );
      await under.admin.query(`SELECT setval('${under.schema}.positions', 150000)`);
      const { events } = under.store;
      const filter = { types: ["rare"] };
      const before = await events.readAll(0, 10, filter);
      expect([before.events, before.position]).toEqual([[], 100_000]);
      const after = await events.readAll(before.position, 10, filter);
      expect([after.events.map(({ type }) => type), after.position]).toEqual([["rare"], 150_000]);
      expect((await events.readAll(0, 10)).events).toHaveLength(10);
      for await (const slice of subscribe(events, { filter })) {
        if (slice.events.length === 0) continue;
        expect(slice.position).toBe(150_000);
        break;
      }
    } finally {
      await under.close();
    }
  });

  it("waits at a position of an open transaction, and delivers what is before it at once", async () => {
    const under = await openPostgres();
    const client = new pg.Client({ connectionString: url });
    await client.connect();
    try {
      await append(under, "first");
      await client.query("BEGIN");
      await appendBy(client, under.schema, "slow");
      await append(under, "last");
      expect(await idsAfter(under, 0)).toEqual({ ids: ["first"], position: 1 });
      expect(await idsAfter(under, 1)).toEqual({ ids: [], position: 1 });
      await client.query("COMMIT");
      expect(await idsAfter(under, 1)).toEqual({ ids: ["slow", "last"], position: 3 });
    } finally {
      await client.end();
      await under.close();
    }
  });

  it("skips a position that was rolled back, and later readers skip it without another wait", async () => {
    const under = await openPostgres();
    const client = new pg.Client({ connectionString: url });
    await client.connect();
    try {
      await client.query("BEGIN");
      await appendBy(client, under.schema, "aborted");
      await append(under, "kept");
      expect(await idsAfter(under, 0)).toEqual({ ids: [], position: 0 });
      await client.query("ROLLBACK");
      // Only appenders that were active when the gap was found matter, not later ones.
      await client.query("BEGIN");
      await appendBy(client, under.schema, "later");
      expect(await idsAfter(under, 0)).toEqual({ ids: ["kept"], position: 2 });
      expect(await idsAfter(under, 0)).toEqual({ ids: ["kept"], position: 2 });
      const { rows } = await under.admin.query(`SELECT first::int, last::int FROM ${under.schema}.position_gaps`);
      expect(rows).toEqual([{ first: 1, last: 1 }]);
    } finally {
      await client.end();
      await under.close();
    }
  });

  it.each([
    ["COMMIT", ["slow", "last"]],
    ["ROLLBACK", ["last"]],
  ])("waits for a prepared transaction until its %s", async (end, ids) => {
    const under = await openPostgres();
    const client = new pg.Client({ connectionString: url });
    await client.connect();
    try {
      await client.query("BEGIN");
      await appendBy(client, under.schema, "slow");
      await append(under, "last");
      // Sampled as the lock of a process, and a prepared transaction from then on.
      expect(await idsAfter(under, 0)).toEqual({ ids: [], position: 0 });
      await client.query(`PREPARE TRANSACTION '${under.schema}'`);
      await client.end();
      for (let i = 0; i < 3; i++) expect(await idsAfter(under, 0)).toEqual({ ids: [], position: 0 });
      await under.admin.query(`${end} PREPARED '${under.schema}'`);
      expect(await idsAfter(under, 0)).toEqual({ ids, position: 2 });
    } finally {
      await under.close();
    }
  });
});
