// Commands that are sent later: scheduled ones and recurring ones.
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { pglite } from "../adapters/pglite/index.js";
import { Account, deposit, Opened, open } from "../aggregate/account.fixture.js";
import { reaction, schedule, scheduledCommands } from "../engines/index.js";
import { PotterError } from "../errors/index.js";
import { handle } from "../reaction/index.js";
import { type Occurrences, recurringTable } from "../schedule/index.js";
import { memory } from "../store/memory/index.js";
import { openAccounts, openProcesses, type Processes } from "./processes.fixture.js";
import { ask, charge, createGate } from "./till.fixture.js";

let processes: Processes;
afterEach(() => processes.stop());

const soon = 20_000;
const later = new Date("2999-01-01T00:00:00Z");
const all = (retries?: number) => [
  scheduledCommands({ methods: [deposit, charge], ...(retries !== undefined && { retries }) }),
];

describe.each(Object.entries({ memory, pglite: () => pglite() }))("scheduled commands on %s", (_, openStore) => {
  beforeEach(async () => {
    processes = await openProcesses(openStore());
  });

  it("are sent at their time, not before, once by one of several processes", async () => {
    const [one, other] = [processes.start(all()), processes.start(all())];
    await Promise.all([one.start(), other.start()]);
    await openAccounts(one, "a");
    const at = new Date(Date.now() + 300);
    const options = { at, correlationId: "order 7", causationId: "x" };
    expect(await one.schedules.schedule(deposit, { value: "a:5" }, { ...options, id: "first" })).toBe("first");
    await other.schedules.schedule(deposit, { value: "a:7" }, { ...options, id: "first" });
    expect(await other.schedules.list()).toMatchObject([{ id: "first", at, next: at, attempts: 0, error: undefined }]);
    await vi.waitFor(async () => expect(await one.history(Account, "a")).toHaveLength(2), soon);
    const [, event] = await one.history(Account, "a");
    expect(event).toMatchObject({ data: 5, correlationId: "order 7", causationId: "schedule:first" });
    expect(event?.at).toBeGreaterThanOrEqual(at.getTime());
    await vi.waitFor(async () => expect(await one.schedules.list()).toEqual([]), soon);
  });

  it("are sent once although the process dies before it has noted that", async () => {
    const app = processes.start(all());
    await openAccounts(app, "a");
    // As if a process had sent it and died before it deleted the row.
    await app.send(deposit, { value: "a:5" }, { commandId: "schedule:first" });
    await app.schedules.schedule(deposit, { value: "a:5" }, { in: 0, id: "first" });
    await vi.waitFor(async () => expect(await app.schedules.list()).toEqual([]), soon);
    expect(await app.history(Account, "a")).toHaveLength(2);
  });

  it("survive the process that scheduled them, can be listed and cancelled", async () => {
    const first = processes.start(all());
    await openAccounts(first, "a");
    const id = await first.schedules.schedule(deposit, { value: "a:5" }, { at: later, tenant: "north" });
    await first.schedules.schedule(charge, { value: "card" }, { in: 1e9, tenant: "north", id: "second" });
    await first.stop();
    const app = processes.start(all());
    expect(await app.schedules.list()).toEqual([]);
    const found = await app.schedules.list({ tenant: "north" });
    expect(found.map((one) => [one.id, one.method])).toEqual([
      [id, "test.v1.AccountService.Deposit"],
      ["second", "test.v1.Till.Charge"],
    ]);
    expect(await app.schedules.cancel(id)).toBe(false);
    expect(await app.schedules.cancel(id, { tenant: "north" })).toBe(true);
    expect(await app.schedules.cancel(id, { tenant: "north" })).toBe(false);
    expect(await app.schedules.list({ tenant: "north" })).toHaveLength(1);
  });

  it("that are being sent are not cancelled any more, those that wait to be sent again are", async () => {
    const gate = createGate();
    const sent: string[] = [];
    const app = processes.start(all(), {
      charge: async ({ value }) => {
        sent.push(value);
        if (value === "bad") throw new PotterError("invalid_argument", "no such card");
        await gate.passed;
        return { value };
      },
    });
    await app.schedules.schedule(charge, { value: "good" }, { in: 0, id: "good" });
    await app.schedules.schedule(charge, { value: "bad" }, { in: 0, id: "bad" });
    await vi.waitFor(() => expect(sent).toEqual(expect.arrayContaining(["good", "bad"])), soon);
    expect(await app.schedules.cancel("good")).toBe(false);
    await vi.waitFor(async () => expect(await app.schedules.cancel("bad")).toBe(true), soon);
    expect(await app.schedules.list()).toMatchObject([{ id: "good", attempts: 1 }]);
    gate.open();
    await vi.waitFor(async () => expect(await app.schedules.list()).toEqual([]), soon);
  });

  it("that fail are sent again, then wait for a person, and block no other", async () => {
    let isFaulty = true;
    const sent: string[] = [];
    const app = processes.start(all(0), {
      charge: async ({ value }) => {
        if (value === "bad" && isFaulty) throw new PotterError("invalid_argument", "no such card");
        sent.push(value);
        return { value };
      },
    });
    await app.schedules.schedule(charge, { value: "bad" }, { in: 0, id: "bad" });
    await app.schedules.schedule(charge, { value: "good" }, { in: 0, id: "good" });
    await vi.waitFor(async () => {
      expect(sent).toEqual(["good"]);
      expect(await app.schedules.list()).toMatchObject([
        { id: "bad", attempts: 1, next: undefined, error: "invalid_argument" },
      ]);
    }, soon);
    isFaulty = false;
    expect(await app.schedules.retry("bad")).toBe(true);
    expect(await app.schedules.retry("good")).toBe(false);
    await vi.waitFor(() => expect(sent).toEqual(["good", "bad"]), soon);
  });
});

describe("scheduled commands", () => {
  beforeEach(async () => {
    processes = await openProcesses(memory());
  });

  it("are scheduled by a reaction once, however often its handler runs", async () => {
    let runs = 0;
    const remind = reaction({
      name: "remind",
      retries: 1,
      on: [
        handle(Opened, async (_event, ctx) => {
          await ctx.schedule(charge, { value: "card" }, { at: later });
          if (++runs === 1) throw new Error("a fault of the handler");
        }),
      ],
    });
    const app = processes.start([...all(), remind]);
    await app.start();
    await app.send(open, { value: "a" }, { tenant: "north" });
    await vi.waitFor(() => expect(runs).toBe(2), soon);
    const [event] = await app.history(Account, "a", "north");
    expect(await app.schedules.list({ tenant: "north" })).toMatchObject([{ id: `remind:${event?.id}:1`, at: later }]);
  });

  it("are refused without a valid time, a valid id or a method that may be scheduled", async () => {
    const app = processes.start(all());
    const { schedules } = app;
    const wrong = { code: "invalid_argument" };
    await expect(schedules.schedule(deposit, { value: "a:1" }, {})).rejects.toMatchObject(wrong);
    await expect(schedules.schedule(deposit, { value: "a:1" }, { at: later, in: 1 })).rejects.toMatchObject(wrong);
    await expect(schedules.schedule(deposit, { value: "a:1" }, { in: -1 })).rejects.toMatchObject(wrong);
    await expect(schedules.schedule(deposit, { value: "a:1" }, { at: new Date(Number.NaN) })).rejects.toMatchObject(
      wrong,
    );
    for (const at of ["tomorrow", later.getTime()]) {
      await expect(schedules.schedule(deposit, { value: "a:1" }, { at: at as never })).rejects.toMatchObject(wrong);
    }
    await expect(schedules.schedule(deposit, { value: "a:1" }, { in: 1, id: "" })).rejects.toMatchObject(wrong);
    await expect(schedules.schedule(open, { value: "a" }, { in: 1 })).rejects.toMatchObject({
      code: "failed_precondition",
      message: expect.stringContaining("test.v1.AccountService.Open cannot be scheduled"),
    });
    expect(() => processes.start([...all(), ...all()])).toThrow("as a scheduled command is given more than once");
    expect(() => processes.start([]).schedules).toThrow("the app schedules no commands");
  });

  it.each([
    ["a name with a slash", { name: "a/b" }, "the schedule a/b has an invalid name"],
    ["a query", { method: ask as never }, "the schedule report sends no command"],
    ["an unknown policy", { missed: "never" as never }, "the schedule report has missed never"],
  ])("are refused with %s", (_, wrong, message) => {
    const part = schedule({
      name: "report",
      times: every(1),
      method: charge,
      request: () => ({ value: "" }),
      ...wrong,
    });
    expect(() => processes.start([part])).toThrow(message);
  });

  /** Occurrences every so many milliseconds. */
  const every = (interval: number, text = `every ${interval} ms`): Occurrences => ({
    text,
    next: (after) => new Date((Math.floor(after.getTime() / interval) + 1) * interval),
  });

  it("are sent although many rows are due of recurring commands that other processes have", async () => {
    const { table, toRow } = recurringTable;
    const others = { due: 1, at: 1, attempts: 0, claimed: false, error: "", text: "" };
    await processes.store.rows.transact(async (rows) => {
      for (let i = 0; i < 60; i++) await rows.put(table, "", `other${i}`, toRow(others, new Uint8Array()));
    });
    const part = schedule({ name: "own", times: every(1e9), method: charge, request: () => ({ value: "" }) });
    const app = processes.start([...all(), part]);
    await app.start();
    await openAccounts(app, "a");
    await app.schedules.schedule(deposit, { value: "a:5" }, { in: 0 });
    await vi.waitFor(async () => expect(await app.schedules.list()).toEqual([]), soon);
    expect(await app.history(Account, "a")).toHaveLength(2);
    expect((await processes.store.rows.due([table], 100)).rows).toHaveLength(60);
  });

  it("recur, each occurrence once by one of several processes", async () => {
    const parts = () => [
      schedule({ name: "interest", times: every(40), method: deposit, request: () => ({ value: "a:1" }) }),
    ];
    const [one, other] = [processes.start(parts()), processes.start(parts())];
    await openAccounts(one, "a");
    await other.start();
    await vi.waitFor(async () => expect((await one.history(Account, "a")).length).toBeGreaterThan(4), soon);
    const events = (await one.history(Account, "a")).slice(1);
    const occurrences = events.map(({ causationId }) => causationId.slice("schedule:interest:".length));
    expect(new Set(occurrences).size).toBe(occurrences.length);
    for (const [i, { at }] of events.entries()) {
      expect(at).toBeGreaterThanOrEqual(new Date(occurrences[i] ?? "").getTime());
    }
  });

  it.each([
    ["skip", []],
    ["once", [3]],
    ["all", [1, 2, 3]],
  ] as const)("that were missed recur by the policy %s", async (missed, expected) => {
    const minutes = 10 * 60_000;
    const now = Date.now();
    // The last occurrences were 30, 20 and 10 minutes ago; the row says that the first of them is next.
    const times: Occurrences = {
      text: "every 10 minutes",
      next: (after) => [30, 20, 10, -10].map((ago) => new Date(now - ago * 60_000)).find((one) => one > after),
    };
    const sent: number[] = [];
    const part = schedule({
      name: "report",
      times,
      missed,
      method: charge,
      request: (occurrence) => ({ value: String(4 - (now - occurrence.getTime()) / minutes) }),
    });
    const start = vi.spyOn(processes.store.rows, "due");
    start.mockResolvedValueOnce({ now: now - 4 * minutes, rows: [] });
    const app = processes.start([part], {
      charge: async ({ value }) => {
        sent.push(Number(value));
        return { value };
      },
    });
    await app.start();
    await vi.waitFor(async () => {
      expect((await app.schedules.recurring())[0]?.occurrence).toEqual(new Date(now + minutes));
    }, soon);
    expect(sent).toEqual(expected);
  });

  it("that recur give up an occurrence that keeps failing, and continue with the next one", async () => {
    const sent: string[] = [];
    const part = schedule({
      name: "report",
      times: every(50),
      retries: 0,
      method: charge,
      request: (occurrence) => ({ value: occurrence.toISOString() }),
    });
    const app = processes.start([part], {
      charge: async ({ value }) => {
        sent.push(value);
        throw new PotterError("not_found", "nothing to report");
      },
    });
    await app.start();
    await vi.waitFor(() => expect(sent.length).toBeGreaterThan(2), soon);
    expect(new Set(sent).size).toBe(sent.length);
    expect((await app.schedules.recurring())[0]?.error).toBe("not_found");
  });
});
