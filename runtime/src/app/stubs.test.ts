// What stubs of `potter generate` do in an app that runs: nothing is lost until they are written.
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { stubFunction } from "../../../cli/src/scaffold/contract/stubs.js";
import { pglite } from "../adapters/pglite/index.js";
import { Deposited, deposit } from "../aggregate/account.fixture.js";
import { silentLogger } from "../cqrs/index.js";
import { reaction, scheduledCommands } from "../engines/index.js";
import { PotterError } from "../errors/index.js";
import { handle } from "../reaction/index.js";
import type { StepDefinition } from "../saga/declaration/index.js";
import { command, timer } from "../saga/saga.fixture.js";
import { memory } from "../store/memory/index.js";
import type { App } from "./app.js";
import { createApp } from "./create-app.js";
import { openAccounts, openProcesses, type Processes } from "./processes.fixture.js";
import { declare, TripService } from "./sagas.fixture.js";
import { charge } from "./till.fixture.js";
import { getTotal, queries, sumOf, Total } from "./total.fixture.js";

const soon = 60_000;
const lettersOf = (app: App, name: string) => app.projection(name).deadLetters();

/** A function that throws what the scaffold writes, unless it was written meanwhile. */
function stubOf(label: string): () => never {
  return new Function(`return ${stubFunction(label).stub}`)() as () => never;
}

function totals(deposited: () => void) {
  return Total.projection({
    retries: 0,
    on: {
      opened: (_event, rows, { stream }) => rows.upsert({ value: `${stream.id}:0` }),
      deposited: async (event, rows, { stream }) => {
        deposited();
        rows.upsert({ value: `${stream.id}:${sumOf(await rows.get(stream.id)) + event.value}` });
      },
    },
  });
}

let processes: Processes;

describe.each(Object.entries({ memory, pglite: () => pglite() }))("on %s", (_, open) => {
  beforeEach(async () => {
    processes = await openProcesses(open());
  });
  afterEach(() => processes.stop());

  it("a stub of a projection uses up no retries, and its rows appear when it is written", async () => {
    const warn = vi.fn();
    const error = vi.fn();
    const stub = stubOf("Total.on.deposited");
    const before = processes.start([totals(stub), queries], {}, { ...silentLogger, warn, error });
    await openAccounts(before, "a", "b");
    await before.send(deposit, { value: "a:1" });
    await before.send(deposit, { value: "b:2" });
    await before.waitForProjections();
    const reason = "unimplemented: Total.on.deposited is not written yet";
    const waiting = { attempts: 1, error: reason, retryIn: expect.any(Number) };
    await expect
      .poll(() => lettersOf(before, "Total"), { timeout: soon })
      .toMatchObject([
        { key: "account/a", ...waiting },
        { key: "account/b", ...waiting },
      ]);
    expect(sumOf(await before.query(getTotal, { value: "a" }))).toBe(0);
    expect(error).not.toHaveBeenCalled();
    const said = warn.mock.calls.filter(([message]) => /is not written yet/.test(message));
    expect(said).toEqual([
      ["handler is not written yet", expect.objectContaining({ event: "account.deposited", error: expect.any(Error) })],
    ]);
    await before.stop();
    const after = processes.start([totals(() => {}), queries]);
    await after.start();
    await expect.poll(() => lettersOf(after, "Total"), { timeout: soon }).toEqual([]);
    expect(sumOf(await after.query(getTotal, { value: "a" }))).toBe(1);
    expect(sumOf(await after.query(getTotal, { value: "b" }))).toBe(2);
  });

  it("a stub of a reaction, or of a command that it sends, keeps the event until it is written", async () => {
    let handler = stubOf("Till.commands.charge") as (value: { value: string }) => { value: string };
    const part = reaction({
      name: "notes",
      retries: 0,
      on: [handle(Deposited, (_event, ctx) => ctx.send(charge, { value: ctx.event.stream.id }).then(() => {}))],
    });
    const app = processes.start([part], { charge: (request) => handler(request) });
    await openAccounts(app, "a");
    await app.send(deposit, { value: "a:1" });
    const reason = "unimplemented: Till.commands.charge is not written yet";
    await expect.poll(() => lettersOf(app, "notes"), { timeout: soon }).toMatchObject([{ attempts: 1, error: reason }]);
    const charged = vi.fn();
    handler = (request) => {
      charged(request.value);
      return request;
    };
    await expect.poll(() => charged.mock.calls, { timeout: soon }).toEqual([["a"]]);
    await expect.poll(() => lettersOf(app, "notes"), { timeout: soon }).toEqual([]);
  });
});

describe("a stub", () => {
  beforeEach(async () => {
    processes = await openProcesses(memory());
  });
  afterEach(() => processes.stop());

  it("of a command fails its call with unimplemented and its name, and is in the log", async () => {
    const warn = vi.fn();
    const stub = stubOf("Till.commands.charge");
    const app = processes.start([], { charge: stub }, { ...silentLogger, warn });
    await expect(app.send(charge, { value: "a" })).rejects.toMatchObject({
      code: "unimplemented",
      message: "Till.commands.charge is not written yet",
    });
    expect(warn.mock.calls).toEqual([
      ["handler is not written yet", expect.objectContaining({ method: "test.v1.Till.Charge" })],
    ]);
    const headers = { "content-type": "application/json" };
    const request = new Request("http://app/charge", { method: "POST", headers, body: '"a"' });
    expect((await app.fetch(request)).status).toBe(501);
  });

  it.each<[string, unknown, string]>([
    ["a message that quotes something", new Error("ada@example.org is not written yet"), "internal"],
    ["a name alone", new Error("it is not written yet"), "internal"],
    ["no error", "Till.commands.charge is not written yet", "internal"],
    ["a PotterError", new PotterError("not_found", "Till.commands.charge is not written yet"), "not_found"],
  ])("is not what throws %s", async (_, thrown, code) => {
    const app = processes.start([], {
      charge: () => {
        throw thrown;
      },
    });
    await expect(app.send(charge, { value: "a" })).rejects.toMatchObject({ code });
  });

  it("leaves a scheduled command in place until it is written", async () => {
    let handler = stubOf("Till.commands.charge") as (value: { value: string }) => { value: string };
    const parts = [scheduledCommands({ methods: [charge], retries: 0 })];
    const app = processes.start(parts, { charge: (request) => handler(request) });
    await app.schedules.schedule(charge, { value: "card" }, { in: 0, id: "one" });
    await expect
      .poll(() => app.schedules.list(), { timeout: soon })
      .toMatchObject([{ id: "one", error: "unimplemented", next: expect.any(Date) }]);
    const charged = vi.fn();
    handler = (request) => {
      charged(request.value);
      return request;
    };
    await expect.poll(() => app.schedules.list(), { timeout: soon }).toEqual([]);
    expect(charged.mock.calls).toEqual([["card"]]);
  });
});

describe("a saga", () => {
  const steps: readonly StepDefinition[] = [
    command("hotel", { retry: { maxAttempts: 1, initialDelay: 0, maxDelay: 0 } }),
    timer("wait", { after: ["hotel"], delay: 1, when: true }),
    command("pay", { after: ["wait"] }),
  ];
  const apps: App[] = [];
  afterEach(async () => {
    await Promise.all(apps.splice(0).map((app) => app.stop()));
  });

  function start(trips: TripService, behaviour: object = {}, warn = vi.fn()): App {
    const part = declare(steps, {}, { steps: behaviour as never });
    const app = createApp({
      parts: [part, trips.part(steps)],
      sagas: { lease: 1_000 },
      logger: { ...silentLogger, warn },
    });
    apps.push(app);
    return app;
  }
  const stateOf = (app: App) => app.saga("trips.v1.Trip").get("t1");

  it("whose command has a stub as its handler waits, and uses up no attempt", async () => {
    const trips = new TripService();
    trips.behaviour.set("hotel", stubOf("TripService.commands.hotel"));
    const app = start(trips);
    await app.saga("trips.v1.Trip").start({ id: "t1" });
    const reason = "TripService.commands.hotel is not written yet";
    await expect
      .poll(async () => (await stateOf(app))?.steps[0]?.failure, { timeout: soon })
      .toEqual({ code: "unimplemented", reason });
    expect(await stateOf(app)).toMatchObject({
      status: "running",
      steps: [{ status: "running", attempts: 0 }, {}, {}],
    });
    trips.behaviour.clear();
    await expect.poll(async () => (await stateOf(app))?.status, { timeout: soon }).toBe("completed");
    expect(trips.log).toContain("pay");
  });

  it.each([
    ["a timer", "pay.command"],
    ["its start", "hotel.command"],
    ["a response", "wait.when"],
  ])("in which %s leads to a stub continues by itself when it is written", async (_, path) => {
    const [step = "", slot = ""] = path.split(".");
    let isWritten = false;
    const stub = stubOf(`Trip.${path}`);
    const written: Record<string, (data: object) => unknown> = {
      command: () => ({ id: "t1", what: step }),
      when: () => true,
    };
    const run = (data: object) => (isWritten ? written[slot]?.(data) : stub());
    const warn = vi.fn();
    const trips = new TripService();
    const app = start(trips, { [step]: { [slot]: run } }, warn);
    await app.saga("trips.v1.Trip").start({ id: "t1" });
    const failure = { code: "unimplemented", reason: `Trip.${path} is not written yet` };
    await expect.poll(() => stateOf(app), { timeout: soon }).toMatchObject({ status: "suspended", failure });
    const [first] = (await stateOf(app))?.history.filter(({ event }) => event === "suspended") ?? [];
    // It is tried again, which leaves no trace but the time.
    const since = (await stateOf(app))?.updatedAt ?? new Date();
    await expect
      .poll(async () => Number((await stateOf(app))?.updatedAt) > Number(since), { timeout: soon })
      .toBe(true);
    const state = await stateOf(app);
    expect(state?.history.filter(({ event }) => /^(suspended|resumed)$/.test(event))).toEqual([first]);
    expect(warn.mock.calls.filter(([message]) => /suspended/.test(message))).toEqual([
      ["a saga is suspended until its stub is written", expect.objectContaining(failure)],
    ]);
    isWritten = true;
    await expect.poll(async () => (await stateOf(app))?.status, { timeout: soon }).toBe("completed");
    expect(trips.log.filter((what) => what === "pay")).toHaveLength(1);
  });
});
