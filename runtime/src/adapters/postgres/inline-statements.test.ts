// How many statements appends with inline projections take. The counts do not depend on the speed of the machine.
import { randomUUID } from "node:crypto";
import { describe, expect, it } from "vitest";
import { note, rowCodec, type TestRow, tableOf } from "../../conformance/cases/index.js";
import type { AppendRequest, ApplyInline } from "../../store/ports/index.js";
import { url } from "./postgres.fixture.js";
import { openCounted } from "./statements.fixture.js";

/** Of this run: locks of rows do not depend on the schema, and other tests run at the same time. */
const tenant = randomUUID();
const table = tableOf();

describe.skipIf(url === undefined)("appends with inline projections", () => {
  function request(id: string, expectedVersion: number, inline: ApplyInline): AppendRequest {
    return {
      stream: { tenant: "", type: "Note", id },
      expectedVersion,
      events: [note("x")],
      correlationId: "c",
      causationId: "k",
      metadata: {},
      inline,
    };
  }

  const replace =
    (key: string): ApplyInline =>
    async (_, rows) =>
      rows.put(table, tenant, key, rowCodec.create({ id: key, amount: 1n }));

  /** More rows than `append_one_with_row` can write. */
  const replaceTwo =
    (key: string): ApplyInline =>
    async (events, rows) => {
      await replace(`${key}'`)(events, rows);
      await replace(key)(events, rows);
    };

  const increment =
    (key: string): ApplyInline =>
    async (_, rows) => {
      const found = (await rows.get(table, tenant, key)) as TestRow | undefined;
      await rows.put(table, tenant, key, rowCodec.create({ id: key, amount: (found?.amount ?? 0n) + 1n }));
    };

  it("takes one statement if no row is read", async () => {
    const { store, statements } = await openCounted();
    await store.events.append(request("a", 0, replace("a")));
    await store.events.append(request("a", 1, replace("a")));
    expect(statements).toEqual(["potter_append_one_with_row", "potter_append_one_with_row"]);
  });

  it.each([
    ["potter_append_one_with_row", replace],
    ["potter_append_units", replaceTwo],
  ])("takes one statement to record a command and to create a key, too: %s", async (statement, change) => {
    const { store, statements } = await openCounted();
    const { events } = store;
    const append = (id: string, subject: string, commandId: string) =>
      events.appendWithKeys?.(
        {
          ...request(id, 0, change(id)),
          command: { id: commandId, requestHash: "h", response: new Uint8Array([1]) },
        },
        [{ tenant: "", subject, wrapped: { key: new Uint8Array([2]), wrappedBy: "w" } }],
      );
    expect(await append("a", "a", "c1")).toMatchObject({ kind: "appended" });
    expect(statements).toEqual([statement]);
    expect(await events.findCommand("", "c1")).toMatchObject({ version: 1 });
    // The subject has a key: nothing is recorded, also not the command.
    expect(await append("b", "a", "c2")).toBeUndefined();
    expect(await events.findCommand("", "c2")).toBeUndefined();
    // A repeated command creates no key.
    expect(await append("c", "c", "c1")).toMatchObject({ kind: "duplicate", version: 1 });
    expect(await store.keys?.find([{ tenant: "", subject: "c" }])).toEqual([undefined]);
    for (const id of ["b", "c"]) {
      expect(await events.readStream({ tenant: "", type: "Note", id })).toEqual([]);
      expect(await store.rows.get(table, tenant, id)).toBeUndefined();
    }
  });

  it("takes one more to read rows", async () => {
    const { store, statements } = await openCounted();
    await store.events.append(request("a", 0, increment("a")));
    expect(statements).toEqual(["potter_get_row", "potter_append_one_with_row"]);
  });

  it.each([
    [16, 0.6],
    [64, 0.3],
  ])("shares statements between %i callers", async (callers, most) => {
    const { store, statements } = await openCounted();
    const each = 20;
    const round = async (from: number): Promise<number> => {
      statements.length = 0;
      await Promise.all(
        Array.from({ length: callers }, async (_, caller) => {
          for (let version = from; version < from + each; version++) {
            const result = await store.events.append(request(`${caller}`, version, increment(`${caller}`)));
            expect(result.kind).toBe("appended");
          }
        }),
      );
      expect(statements).not.toContain("BEGIN");
      return statements.length / (callers * each);
    };
    // A busy machine can wake callers one by one, which then form smaller groups.
    let rounds = 1;
    let perAppend = await round(0);
    for (; perAppend > most && rounds < 10; rounds++) perAppend = await round(rounds * each);
    expect(perAppend).toBeLessThanOrEqual(most);
    const amounts = await Promise.all(
      Array.from(
        { length: callers },
        async (_, i) => ((await store.rows.get(table, tenant, `${i}`)) as TestRow).amount,
      ),
    );
    expect(new Set(amounts)).toEqual(new Set([BigInt(rounds * each)]));
  });

  it("takes two statements each when many callers change one row", async () => {
    const { store, statements } = await openCounted();
    const callers = 40;
    const appends = Array.from({ length: callers }, (_, i) =>
      store.events.append(request(`${i}`, 0, increment("sum"))),
    );
    expect(new Set((await Promise.all(appends)).map(({ kind }) => kind))).toEqual(new Set(["appended"]));
    expect(((await store.rows.get(table, tenant, "sum")) as TestRow).amount).toBe(BigInt(callers));
    expect(statements).not.toContain("BEGIN");
    expect(statements.length / callers).toBeLessThanOrEqual(2.5);
  });

  it("creates keys of data subjects by the same statement, of those appends that succeed", async () => {
    const { store, statements } = await openCounted();
    const keyOf = (subject: string, byte: number) => ({
      tenant: "",
      subject,
      wrapped: { key: new Uint8Array(32).fill(byte), wrappedBy: "" },
    });
    const append = (id: string, ...keys: ReturnType<typeof keyOf>[]) =>
      store.events.appendWithKeys?.(request(id, 0, increment(id)), keys);
    expect((await append("a", keyOf("a", 1)))?.kind).toBe("appended");
    expect(statements).toEqual(["potter_get_row", "potter_append_one_with_row"]);
    await store.events.append(request("taken", 0, replace("taken")));
    // Of a group: one subject has a key, one stream exists.
    const results = await Promise.all([
      append("b", keyOf("b", 2)),
      append("c", keyOf("c", 3)),
      append("d", keyOf("d", 4), keyOf("a", 5)),
      append("taken", keyOf("taken", 6)),
      append("e", keyOf("e", 7)),
    ]);
    expect(results.map((result) => result?.kind)).toEqual(["appended", "appended", undefined, "conflict", "appended"]);
    const subjects = ["a", "b", "c", "d", "e", "taken"].map((subject) => ({ tenant: "", subject }));
    const found = await store.keys?.find(subjects);
    expect(found?.map((key) => key?.wrapped?.key[0])).toEqual([1, 2, 3, undefined, 7, undefined]);
    const rows = await Promise.all(["b", "c", "d", "e"].map((key) => store.rows.get(table, tenant, key)));
    expect(rows.map((row) => row !== undefined)).toEqual([true, true, false, true]);
    expect(await store.events.readStream({ tenant: "", type: "Note", id: "d" })).toEqual([]);
    expect(statements).not.toContain("BEGIN");
  });

  it("takes a transaction for handlers that read the position, without trying again", async () => {
    const { store, statements } = await openCounted();
    const positions: number[] = [];
    let runs = 0;
    const inline: ApplyInline = async (events) => {
      runs++;
      positions.push(...events.map(({ position }) => position));
    };
    await store.events.append(request("a", 0, inline));
    await store.events.append(request("a", 1, inline));
    const recorded = await store.events.readStream({ tenant: "", type: "Note", id: "a" });
    expect(positions).toEqual(recorded.map(({ position }) => position));
    expect(runs).toBe(3);
    expect(statements.filter((name) => name === "BEGIN")).toHaveLength(2);
  });

  it("records events with the time that their handlers have read", async () => {
    const { store, statements } = await openCounted();
    const times: number[] = [];
    const inline: ApplyInline = async (events) => {
      times.push(...events.map(({ at }) => at));
    };
    for (const version of [0, 1, 2]) await store.events.append(request("a", version, inline));
    const recorded = await store.events.readStream({ tenant: "", type: "Note", id: "a" });
    expect(times).toEqual(recorded.map(({ at }) => at));
    expect([...times].sort((a, b) => a - b)).toEqual(times);
    // The clock of the database is known from the first append.
    expect(statements.filter((name) => name === "BEGIN")).toHaveLength(1);
  });
});
