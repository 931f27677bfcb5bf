// Reactions: handlers that run once for each event and may send commands.
import type { StringValue } from "@bufbuild/protobuf/wkt";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { pglite } from "../adapters/pglite/index.js";
import { Account, Deposited, DepositedV1, deposit, Opened, open, withdraw } from "../aggregate/account.fixture.js";
import { reaction } from "../engines/index.js";
import { PotterError } from "../errors/index.js";
import { handle, type ReactionContext } from "../reaction/index.js";
import { memory } from "../store/memory/index.js";
import { openAccounts, openProcesses, type Processes } from "./processes.fixture.js";
import { charge, createGate } from "./till.fixture.js";

let processes: Processes;
afterEach(() => processes.stop());

describe.each(Object.entries({ memory, pglite: () => pglite() }))("reactions on %s", (_, openStore) => {
  beforeEach(async () => {
    processes = await openProcesses(openStore());
  });

  it("send each command once, however often the handler runs", async () => {
    const commit = vi.spyOn(processes.store.projections, "commit");
    let runs = 0;
    const ids: string[] = [];
    const app = processes.start(
      [
        reaction({
          name: "bonus",
          on: [
            handle(Deposited, async (_event, ctx) => {
              if (ctx.event.stream.id !== "a") return;
              runs++;
              const balances = [
                await ctx.send(deposit, { value: "bonus:1" }),
                await ctx.send(deposit, { value: "bonus:1" }),
                await ctx.send(deposit, { value: "bonus:10" }, { key: "ten" }),
              ];
              expect(balances.map(({ value }) => value)).toEqual([1, 2, 12]);
              await ctx.send(charge, { value: "card" });
              ids.push(ctx.commandId("mail"));
              // The process crashes before its checkpoint: nothing is committed, and the lease ends.
              if (runs === 1) commit.mockRejectedValueOnce(new PotterError("unavailable", "crash"));
              if (runs === 2) throw new Error("a fault of the handler");
            }),
          ],
        }),
      ],
      { charge: async (_command: StringValue, ctx) => ({ value: String(charges.push(ctx.commandId)) }) },
    );
    const charges: string[] = [];
    await openAccounts(app, "a", "bonus");
    await app.send(deposit, { value: "a:5" });
    await app.waitForProjections();
    expect(runs).toBe(2);
    await app.projection("bonus").retry();
    await vi.waitFor(() => expect(app.projection("bonus").deadLetters()).resolves.toEqual([]), 20_000);
    expect(runs).toBe(3);
    expect(await app.history(Account, "bonus")).toHaveLength(4);
    expect(charges).toHaveLength(1);
    expect(new Set(ids).size).toBe(1);
  });

  it("begin with the next event, or with the first one", async () => {
    const seen: Record<"early" | "late", number[]> = { early: [], late: [] };
    const note = (name: "early" | "late", from: "beginning" | "now") =>
      reaction({ name, from, on: [handle(Deposited, ({ value }) => void seen[name].push(value))] });
    const before = processes.start([]);
    await openAccounts(before, "a");
    await before.send(deposit, { value: "a:1" });
    await before.stop();
    // It starts and stops without handling an event: from then on it is not new.
    const first = processes.start([note("early", "beginning"), note("late", "now")]);
    await first.start();
    await first.stop();
    const between = processes.start([]);
    await between.send(deposit, { value: "a:2" });
    await between.stop();
    const app = processes.start([note("early", "beginning"), note("late", "now")]);
    await app.start();
    await app.waitForProjections();
    expect(seen).toEqual({ early: [1, 2], late: [2] });
  });

  it("handle each event in one process of several", async () => {
    const seen: number[] = [];
    const note = () =>
      reaction({
        name: "notes",
        shards: 4,
        from: "beginning",
        on: [handle(Deposited, ({ value }) => void seen.push(value))],
      });
    const [one, other] = [processes.start([note()]), processes.start([note()])];
    await Promise.all([one.start(), other.start()]);
    await openAccounts(one, ...Array.from({ length: 40 }, (_, i) => `s${i}`));
    await Promise.all(
      Array.from({ length: 40 }, (_, i) => (i % 2 ? one : other).send(deposit, { value: `s${i}:${i + 1}` })),
    );
    await Promise.all([one.waitForProjections(), other.waitForProjections()]);
    expect(seen.sort((a, b) => a - b)).toEqual(Array.from({ length: 40 }, (_, i) => i + 1));
  });

  it("let a handler that is running end when the app stops, and handle no event again", async () => {
    const gate = createGate();
    const seen: string[] = [];
    const note = (slow: boolean) =>
      reaction({
        name: "notes",
        from: "beginning",
        concurrency: 2,
        on: [
          handle(Deposited, async ({ value }, ctx: ReactionContext) => {
            if (slow) await gate.passed;
            await ctx.send(charge, { value: "card" });
            seen.push(`${ctx.event.stream.id}${value}`);
          }),
        ],
      });
    const setup = processes.start([]);
    await openAccounts(setup, "a", "b", "c");
    for (const value of ["a:1", "a:2", "b:1", "c:1"]) await setup.send(deposit, { value });
    const app = processes.start([note(true)]);
    await app.start();
    const stopped = app.stop();
    setTimeout(() => gate.open(), 20);
    await stopped;
    const last = processes.start([note(false)]);
    await last.start();
    await last.waitForProjections();
    expect([...seen].sort()).toEqual(["a1", "a2", "b1", "c1"]);
  });
});

describe("reactions", () => {
  beforeEach(async () => {
    processes = await openProcesses(memory());
  });

  it("handle each event, with its message, its metadata and its tenant", async () => {
    const seen: unknown[] = [];
    const app = processes.start([
      reaction({
        name: "notes",
        on: [
          handle(Opened, ({ value }, { event, tenant }) => {
            seen.push([value, event.type, event.stream.id, event.version, tenant]);
          }),
          handle(Deposited, ({ value }) => {
            seen.push(value);
          }),
        ],
      }),
    ]);
    await app.start();
    await app.send(open, { value: "a" }, { tenant: "north" });
    await app.send(deposit, { value: "a:5" }, { tenant: "north" });
    await app.send(withdraw, { value: "a:2" }, { tenant: "north" });
    await app.waitForProjections();
    expect(seen).toEqual([["somebody", "account.opened", "a", 1, "north"], 5]);
    expect(app.projections).toMatchObject([{ name: "notes", state: "live", position: 3, deadLetters: 0 }]);
  });

  it("send commands whose cause is the event, in its tenant", async () => {
    const app = processes.start([
      reaction({
        name: "bonus",
        on: [
          handle(Deposited, async ({ value }, ctx) => {
            if (ctx.event.stream.id !== "a") return;
            const { value: balance } = await ctx.send(deposit, { value: `bonus:${value}` });
            expect(balance).toBe(value);
          }),
        ],
      }),
    ]);
    for (const value of ["a", "bonus"]) await app.send(open, { value }, { tenant: "north" });
    await app.send(deposit, { value: "a:5" }, { tenant: "north", correlationId: "order 7" });
    await app.waitForProjections();
    const [, cause] = await app.history(Account, "a", "north");
    const [, effect] = await app.history(Account, "bonus", "north");
    expect(effect).toMatchObject({ data: 5, correlationId: "order 7", causationId: `bonus:${cause?.id}:1` });
  });

  it("reject another request under the id of a command that was sent", async () => {
    let runs = 0;
    const app = processes.start([
      reaction({
        name: "bonus",
        retries: 0,
        on: [
          handle(Deposited, async (_event, ctx) => {
            if (ctx.event.stream.id === "bonus") return;
            await ctx.send(deposit, { value: `bonus:${++runs}` });
            if (runs === 1) throw new Error("a fault of the handler");
          }),
        ],
      }),
    ]);
    await openAccounts(app, "a", "bonus");
    await app.send(deposit, { value: "a:1" });
    await app.waitForProjections();
    await app.projection("bonus").retry();
    await vi.waitFor(async () => {
      const [found] = await app.projection("bonus").deadLetters();
      expect(found?.error).toMatch(/^already_exists/);
    }, 20_000);
    expect(await app.history(Account, "bonus")).toHaveLength(2);
  });

  it("handle the events of a stream in order, and those of others at the same time", async () => {
    const gates = new Map(["a", "b"].map((id) => [id, createGate()]));
    const seen: string[] = [];
    const app = processes.start([
      reaction({
        name: "notes",
        on: [
          handle(Deposited, async ({ value }, { event }) => {
            await gates.get(event.stream.id)?.passed;
            seen.push(`${event.stream.id}${value}`);
          }),
        ],
      }),
    ]);
    await openAccounts(app, "a", "b", "c");
    await app.projection("notes").pause();
    for (const value of ["a:1", "a:2", "b:1", "c:1", "c:2", "b:2"]) await app.send(deposit, { value });
    await app.projection("notes").resume();
    await vi.waitFor(() => expect(seen).toEqual(["c1", "c2"]), 20_000);
    gates.get("b")?.open();
    await vi.waitFor(() => expect(seen).toEqual(["c1", "c2", "b1", "b2"]), 20_000);
    gates.get("a")?.open();
    await app.waitForProjections();
    expect(seen.slice(4)).toEqual(["a1", "a2"]);
  });

  it("handle at most as many events at the same time as they may", async () => {
    let running = 0;
    let most = 0;
    const slow = async () => {
      most = Math.max(most, ++running);
      await new Promise((resolve) => setTimeout(resolve, 1));
      running--;
    };
    const app = processes.start([
      reaction({ name: "notes", from: "beginning", concurrency: 3, on: [handle(Deposited, slow)] }),
    ]);
    await openAccounts(app, ...Array.from({ length: 20 }, (_, i) => `s${i}`));
    await Promise.all(Array.from({ length: 20 }, (_, i) => app.send(deposit, { value: `s${i}:1` })));
    await app.waitForProjections();
    expect(most).toBeLessThanOrEqual(3);
    expect(running).toBe(0);
  });

  it("get stored events of earlier versions upcast", async () => {
    const seen: number[] = [];
    await processes.store.events.append({
      stream: { tenant: "", type: "account", id: "a" },
      expectedVersion: 0,
      events: [
        {
          id: "0190a1b2-0000-7000-8000-000000000001",
          definition: DepositedV1,
          data: DepositedV1.codec.create({ value: "7" }),
        },
      ],
      correlationId: "c",
      causationId: "c",
      metadata: {},
    });
    const app = processes.start([
      reaction({ name: "notes", from: "beginning", on: [handle(Deposited, ({ value }) => void seen.push(value))] }),
    ]);
    await app.start();
    await app.waitForProjections();
    expect(seen).toEqual([7]);
  });

  it("are never rebuilt", async () => {
    const app = processes.start([reaction({ name: "notes", on: [handle(Deposited, () => {})] })]);
    await app.start();
    await expect(app.projection("notes").rebuild()).rejects.toMatchObject({
      code: "failed_precondition",
      message: "the reaction notes would act on all events again: it cannot be rebuilt",
    });
  });
});
