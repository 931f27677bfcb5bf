// Races of inline projections between stores, with and without transactions, and a reader that compares events with rows.
import type pg from "pg";
import { describe, expect, it } from "vitest";
import { note, rowCodec, type TestRow, tableOf } from "../../conformance/cases/index.js";
import { newId } from "../../message/index.js";
import type { ApplyInline, Store } from "../../store/ports/index.js";
import { openPostgres, url } from "./postgres.fixture.js";

const table = tableOf();
const keys = ["a", "b", "c", "d", "e"];

interface Verdict {
  readonly appended: number;
  /** How much the rows differ from the number of appends. */
  readonly lost: number;
  /** Streams whose events and own row did not appear together. */
  readonly torn: number;
  /** Events that are not those of acknowledged appends, or the other way round. */
  readonly wrong: number;
}

interface Mutation {
  readonly of: "append_units" | "append_one_with_row";
  readonly from: string;
  readonly to: string;
}

/**
 * `several`: rows in different orders, and one for each stream. `one`: only one row, as `append_one_with_row` can do. `units`: as
 * `several`, by transactions over rows that append to two streams.
 */
type Rows = "several" | "one" | "units";

/**
 * Writers of three stores add 1 to some of the same rows with each append. Every third append reads the position of its
 * events, so it takes a transaction.
 */
async function race(rounds: number, changed: Rows, mutation?: Mutation): Promise<Verdict> {
  const under = await openPostgres();
  const { admin, schema } = under;
  try {
    if (mutation !== undefined) await mutate(admin, schema, mutation);
    const stores = [under.store, await under.peer(), await under.peer()];
    const acknowledged = new Set<string>();
    const added = new Map<string, number>();
    let running = true;
    let appended = 0;
    const reader = (changed === "one" ? readTotals : readPairs)(admin, schema, () => running);
    const write = async (store: Store, writer: number) => {
      for (let round = 0; round < rounds; round++) {
        const id = newId();
        const wanted = changed === "one" ? [anyKey()] : keys.filter(() => Math.random() < 0.4);
        if (writer % 2 === 1) wanted.reverse();
        const inTransaction = (round + writer) % 3 === 0;
        appended++;
        for (const key of wanted) added.set(key, (added.get(key) ?? 0) + 1);
        if (changed === "units" && !inTransaction) {
          const ids = [id, newId()];
          while (!(await appendUnit(store, ids, wanted)));
          for (const one of ids) acknowledged.add(one);
          continue;
        }
        const result = await store.events.append({
          stream: { tenant: "", type: "Note", id },
          expectedVersion: 0,
          // A type of its own: the store remembers which types need a transaction.
          events: [inTransaction ? transactional(note("x")) : note("x")],
          correlationId: "c",
          causationId: "k",
          metadata: {},
          inline: addOne(changed === "one" ? undefined : id, wanted, inTransaction),
        });
        expect(result.kind).toBe("appended");
        acknowledged.add(id);
      }
    };
    await Promise.all(Array.from({ length: 12 }, (_, i) => write(stores[i % 3] as Store, i)));
    running = false;
    const torn = await reader;
    let lost = 0;
    for (const key of keys) {
      const row = (await under.store.rows.get(table, "", key)) as TestRow | undefined;
      lost += Math.abs((added.get(key) ?? 0) - Number(row?.amount ?? 0));
    }
    const { rows } = await admin.query(`SELECT stream_id FROM ${schema}.events`);
    const recorded = rows.map(({ stream_id }) => stream_id as string);
    const wrong = recorded.filter((id) => !acknowledged.has(id)).length + Math.abs(recorded.length - acknowledged.size);
    return { appended, lost, torn, wrong };
  } finally {
    await under.close();
  }
}

function anyKey(): string {
  return keys[Math.floor(Math.random() * keys.length)] as string;
}

function addOne(id: string | undefined, wanted: readonly string[], inTransaction: boolean): ApplyInline {
  return async ([event], rows) => {
    if (inTransaction) expect(event?.position).toBeGreaterThan(0);
    for (const key of wanted) {
      const found = (await rows.get(table, "", key)) as TestRow | undefined;
      await new Promise((resolve) => setTimeout(resolve, Math.random() * 2));
      await rows.put(table, "", key, rowCodec.create({ id: key, amount: (found?.amount ?? 0n) + 1n }));
    }
    if (id !== undefined) await rows.put(table, "", id, rowCodec.create({ id }));
  };
}

/** Appends to two streams together with rows. false: the transaction has lost a race, and has made no appends. */
function appendUnit(store: Store, ids: readonly string[], wanted: readonly string[]): Promise<boolean> {
  return store.rows.transact(async (rows) => {
    if (rows.append === undefined) return false;
    await addOne(undefined, wanted, false)([], rows);
    for (const id of ids) {
      const stream = { tenant: "", type: "Note", id };
      const inline = addOne(id, [], false);
      const context = { correlationId: "c", causationId: "k", metadata: {}, inline };
      await rows.append({ stream, expectedVersion: 0, events: [note("x")], ...context });
    }
    return true;
  });
}

function transactional(event: ReturnType<typeof note>): ReturnType<typeof note> {
  return { ...event, definition: { ...event.definition, type: `${event.definition.type}Late` } };
}

/** Counts snapshots in which a stream has an event and no row, or a row and no event. */
async function readPairs(admin: pg.Client, schema: string, isRunning: () => boolean): Promise<number> {
  let torn = 0;
  const text = `SELECT count(*) AS n FROM ${schema}.events e
    FULL JOIN (SELECT * FROM ${schema}.rows WHERE NOT key = ANY ($1)) r ON r.key = e.stream_id
    WHERE r.key IS NULL OR e.stream_id IS NULL`;
  while (isRunning()) torn += Number((await admin.query(text, [keys])).rows[0].n);
  return torn;
}

/** Counts snapshots in which the rows do not add up to the number of events. */
async function readTotals(admin: pg.Client, schema: string, isRunning: () => boolean): Promise<number> {
  let torn = 0;
  const text = `SELECT (SELECT count(*) FROM ${schema}.events) AS events, (SELECT array_agg(data) FROM ${schema}.rows) AS rows`;
  while (isRunning()) {
    const [found] = (await admin.query(text)).rows as [{ events: string; rows: Buffer[] | null }];
    const amounts = (found.rows ?? []).map((data) => (rowCodec.decode(data) as TestRow).amount ?? 0n);
    if (amounts.reduce((sum, amount) => sum + amount, 0n) !== BigInt(found.events)) torn++;
  }
  return torn;
}

/** Replaces a part of a function that appends with rows. Fails if it has no such part. */
async function mutate(admin: pg.Client, schema: string, { of, from, to }: Mutation): Promise<void> {
  const { rows } = await admin.query(`SELECT pg_get_functiondef('${schema}.${of}'::regproc) AS text`);
  const text = rows[0].text as string;
  expect(text).toContain(from);
  await admin.query(text.replaceAll(from, to));
}

describe.skipIf(url === undefined)("races of inline projections", { timeout: 300_000 }, () => {
  it.each(["several", "one", "units"] as const)("lose, repeat and tear nothing: %s", async (changed) => {
    const { appended, ...verdict } = await race(25, changed);
    expect(appended).toBe(12 * 25);
    expect(verdict).toEqual({ lost: 0, torn: 0, wrong: 0 });
  });

  /** Runs for longer each time until something is wrong: a busy machine does less at the same time. */
  async function isFound(mutation: Mutation, changed: Rows, what: "lost" | "wrong" = "lost"): Promise<boolean> {
    for (const rounds of [10, 20, 40, 80]) if ((await race(rounds, changed, mutation))[what] > 0) return true;
    return false;
  }
  const rowsOf = (of: Mutation["of"]): Rows => (of === "append_units" ? "several" : "one");

  it.each([
    { of: "append_units", from: "IS DISTINCT FROM u.before", to: "IS DISTINCT FROM u.before AND false" },
    { of: "append_one_with_row", from: "AND r.data = p_before", to: "" },
  ] as const)("are detected if rows are not compared by $of", async (mutation) => {
    expect(await isFound(mutation, rowsOf(mutation.of))).toBe(true);
  });

  it.each(["append_units", "append_one_with_row"] as const)("are detected if rows are not locked by %s", async (of) => {
    const to = "1 < 2 OR pg_try_advisory_xact_lock(";
    expect(await isFound({ of, from: "pg_try_advisory_xact_lock(", to }, rowsOf(of))).toBe(true);
  });

  it("are detected if a unit leaves one of its appends when it has lost", async () => {
    const from = "WHERE u.unit IN (SELECT p_units[f] FROM unnest(v_found) AS f)";
    const mutation: Mutation = { of: "append_units", from, to: "WHERE u.n = ANY (v_found)" };
    expect(await isFound(mutation, "units", "wrong")).toBe(true);
  });
});
