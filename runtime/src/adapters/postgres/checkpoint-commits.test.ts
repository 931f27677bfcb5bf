// How checkpoints of projections are committed: the statements, counted, and what kept rows must not survive.
import { StringValueSchema } from "@bufbuild/protobuf/wkt";
import pg from "pg";
import { afterEach, beforeEach, describe, expect, it, type MockInstance, vi } from "vitest";
import { es } from "../../message/index.js";
import { sessionOf } from "../../sql/index.js";
import type { DeadLetterChange, Lease, RowTransaction, Store } from "../../store/ports/index.js";
import { openPostgres, type PostgresUnderTest, url } from "./postgres.fixture.js";

const codec = es(StringValueSchema);
const table = { name: "p", version: 1, generation: 1, codec };
let sent: MockInstance<typeof pg.Client.prototype.query>;
const names = () =>
  sent.mock.calls.map(([given]) => {
    const { name, text } = given as unknown as { readonly name?: string; readonly text?: string };
    return (name ?? text ?? String(given)).replace(/_[0-9a-f]{16}$/, "").split(" ")[0] ?? "";
  });

describe.skipIf(url === undefined)("commits of checkpoints", () => {
  let under: PostgresUnderTest;
  const take = async (store: Store = under.store, shard = 0): Promise<Lease> => {
    const lease = await store.projections.acquire({ ...table, shard }, "w", 60_000);
    if (lease === undefined) throw new Error("expected a lease");
    sent.mockClear();
    return lease;
  };
  const append = (text: string) => async (rows: RowTransaction) => {
    const row = (await rows.get(table, "", "a")) as { readonly value: string } | undefined;
    await rows.put(table, "", "a", codec.create({ value: `${row?.value ?? ""}${text}` }));
    return [];
  };
  const value = async () => ((await under.store.rows.get(table, "", "a")) as { value: string } | undefined)?.value;

  beforeEach(async () => {
    sent = vi.spyOn(pg.Client.prototype, "query");
    under = await openPostgres();
    await under.store.projections.register({ name: "p", version: 1, shards: 1 });
  });
  afterEach(() => under.close());

  it("are one statement while the rows are known: those of a build that begins, and those of the last commits", async () => {
    const { projections } = under.store;
    const lease = await take();
    for (const [i, text] of ["x", "y", "z"].entries()) {
      expect(await projections.commit({ ...lease, from: i, to: i + 1 }, append(text))).toBe(true);
    }
    expect(names()).toEqual(Array.from({ length: 3 }, () => "potter_commit_rows"));
    expect(await value()).toBe("xyz");

    await projections.release(lease);
    const next = await take();
    for (const [i, text] of ["1", "2"].entries()) {
      await projections.commit({ ...next, from: 3 + i, to: 4 + i }, append(text));
    }
    expect(names()).toEqual(["potter_get_rows", "potter_commit_rows", "potter_commit_rows"]);
    expect(await value()).toBe("xyz12");
  });

  it("delete rows, also those that were written before, and write those that were deleted before", async () => {
    const { projections } = under.store;
    const lease = await take();
    const steps: ((rows: RowTransaction) => Promise<void>)[] = [
      (rows) => rows.put(table, "", "b", codec.create({ value: "b" })),
      async (rows) => {
        await rows.delete(table, "", "b");
        await rows.delete(table, "", "never there");
        await rows.put(table, "", "a", codec.create({ value: "a" }));
      },
      async (rows) => {
        expect(await rows.get(table, "", "b")).toBeUndefined();
        await rows.put(table, "", "b", codec.create({ value: "again" }));
      },
    ];
    for (const [i, apply] of steps.entries()) {
      const run = async (rows: RowTransaction) => {
        await apply(rows);
        return [];
      };
      expect(await projections.commit({ ...lease, from: i, to: i + 1 }, run)).toBe(true);
    }
    expect(names()).toEqual(["potter_commit_rows", "potter_commit_changes", "potter_commit_rows"]);
    expect(await value()).toBe("a");
    expect(await under.store.rows.count(table, "", [])).toBe(2);
  });

  it("do not use rows from before another store had the shard", async () => {
    const peer = await under.peer();
    const lease = await take();
    await under.store.projections.commit({ ...lease, from: 0, to: 1 }, append("mine"));
    await under.store.projections.release(lease);
    const other = await take(peer);
    await peer.projections.commit({ ...other, from: 1, to: 2 }, append(" theirs"));
    // Under the lease that has ended, nothing is written, whatever the checkpoint is thought to be.
    expect(await under.store.projections.commit({ ...lease, from: 1, to: 3 }, append(" late"))).toBe(false);
    expect(await under.store.projections.commit({ ...lease, from: 2, to: 3 }, append(" late"))).toBe(false);
    const mine = await take();
    expect(await under.store.projections.commit({ ...mine, from: 2, to: 3 }, append(" again"))).toBe(true);
    expect(await value()).toBe("mine theirs again");
  });

  it("run in a transaction if handlers ask for one, with rows as they are in the database", async () => {
    const { projections } = under.store;
    const lease = await take();
    await projections.commit({ ...lease, from: 0, to: 1 }, append("x"));
    let runs = 0;
    const withSession = async (rows: RowTransaction) => {
      runs++;
      await append("y")(rows);
      await sessionOf(rows)?.query({ text: "SELECT 1 AS one" }, []);
      return [];
    };
    await projections.commit({ ...lease, from: 1, to: 2 }, withSession);
    expect(runs).toBe(2);
    sent.mockClear();
    await projections.commit({ ...lease, from: 2, to: 3 }, withSession);
    expect(runs).toBe(3);
    const statements = [
      "BEGIN",
      "potter_commit_checkpoint",
      "potter_get_rows",
      "SELECT",
      "potter_write_rows",
      "COMMIT",
    ];
    expect(names()).toEqual(statements);
    expect(await value()).toBe("xyy");
  });

  it("write rows and dead letters together", async () => {
    const { projections } = under.store;
    const lease = await take();
    const letter: Extract<DeadLetterChange, { readonly kind: "add" }> = {
      kind: "add",
      key: "k",
      position: 1,
      shard: 0,
      eventId: "01890000-0000-7000-8000-000000000001",
      type: "t",
      schemaVersion: 1,
      stream: { tenant: "", type: "s", id: "k" },
      version: 1,
      error: "no",
      attempts: 0,
      retryIn: undefined,
    };
    await projections.commit({ ...lease, from: 0, to: 1 }, async (rows) => {
      await append("x")(rows);
      return [letter];
    });
    expect(await value()).toBe("x");
    expect(await projections.blockedKeys(lease)).toEqual(["k"]);
    expect(await projections.commit({ ...lease, from: 0, to: 2 }, async () => [{ ...letter, key: "l" }])).toBe(false);
    expect(await projections.blockedKeys(lease)).toEqual(["k"]);
  });
});
