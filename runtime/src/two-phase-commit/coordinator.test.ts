// What a coordinator promises, with participants in memory. The same on real servers: adapters/mariadb/two-phase-commit.test.ts.
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { silentLogger } from "../cqrs/index.js";
import { newId } from "../message/index.js";
import { type Coordinator, createCoordinator } from "./coordinator.js";
import type { CoordinatorLog } from "./coordinator-log.js";
import { printGid } from "./gid.js";
import { memoryCoordinatorLog } from "./memory-log.js";
import type { CoordinatorOptions } from "./options.js";
import { Bank, transfer } from "./participants.fixture.js";
import type { PhaseEvent } from "./phases.js";

let time = 0;
let log: CoordinatorLog;
let logId: string;
let a: Bank;
let b: Bank;
const events: PhaseEvent[] = [];
const warn = vi.fn();
const coordinators: Coordinator[] = [];

async function startCoordinator(own: Partial<CoordinatorOptions> = {}): Promise<Coordinator> {
  const coordinator = createCoordinator({
    log,
    participants: [a, b],
    logger: { ...silentLogger, warn },
    observe: (event) => events.push(event),
    recoveryInterval: 1_000_000,
    ...own,
  });
  await coordinator.start();
  // The recovery of its start.
  await coordinator.recover();
  coordinators.push(coordinator);
  return coordinator;
}

const nothing = { committed: 0, unverified: 0, rolledBack: 0, orphans: 0, contradicted: 0, failed: 0 };
const never = () => new Promise<never>(() => {});
const balances = () => [a.balance, b.balance];
const prepared = () => [a.kept.size, b.kept.size];

beforeEach(async () => {
  time = 1_000;
  log = memoryCoordinatorLog({ now: () => time });
  logId = await log.start();
  a = new Bank("a", 100);
  b = new Bank("b", 100);
  warn.mockClear();
});
afterEach(async () => {
  for (const coordinator of coordinators.splice(0)) await coordinator.stop();
});

describe("a transaction", () => {
  it("commits all branches, returns what the work returns, and leaves no entry", async () => {
    const coordinator = await startCoordinator();
    events.length = 0;
    expect(await coordinator.run(transfer(a, b))).toBe("transferred");
    expect([balances(), prepared(), await coordinator.list()]).toEqual([[90, 110], [0, 0], []]);
    const phases = ["open", "open", "work", "begin", "prepare", "prepare", "decide", "commit", "commit", "end"];
    expect(events.map(({ phase }) => phase)).toEqual(phases);
    expect(new Set(events.map(({ transaction }) => transaction)).size).toBe(1);
    expect(events[4]).toEqual({
      phase: "prepare",
      transaction: expect.stringMatching(/^[0-9a-f-]{36}$/),
      participant: "a",
      duration: expect.any(Number),
      outcome: "ok",
    });
  });

  it("prepares nothing before its entry is in the log, and commits nothing before its decision is", async () => {
    const order: string[] = [];
    const step = (text: string) => order.push(text);
    a.before = (method) => void step(`a ${method}`);
    const own: CoordinatorLog = {
      ...log,
      begin: (...args) => log.begin(...args).finally(() => step("begun")),
      decide: (...args) => log.decide(...args).finally(() => step("decided")),
      end: (...args) => log.end(...args).finally(() => step("ended")),
    };
    const coordinator = await startCoordinator({ log: own });
    order.length = 0;
    await coordinator.run(transfer(a, b));
    expect(order).toEqual(["a open", "begun", "a prepare", "decided", "a commit", "ended"]);
  });

  it("writes nothing to the log when it joins nothing", async () => {
    const coordinator = await startCoordinator();
    const begin = vi.spyOn(log, "begin");
    expect(await coordinator.run(async () => 7)).toBe(7);
    expect(begin).not.toHaveBeenCalled();
  });

  it("joins a participant once", async () => {
    const coordinator = await startCoordinator();
    await coordinator.run(async (transaction) => {
      expect(await transaction.join(a)).toBe(await transaction.join(a));
    });
  });

  it("rolls all branches back when the work fails, and rejects with its error", async () => {
    const coordinator = await startCoordinator();
    const failure = new Error("no");
    const run = coordinator.run(async (transaction) => {
      await transfer(a, b)(transaction);
      throw failure;
    });
    await expect(run).rejects.toBe(failure);
    expect([balances(), prepared(), a.openBranches, b.openBranches]).toEqual([[100, 100], [0, 0], 0, 0]);
  });

  it("rolls all branches back when one cannot prepare", async () => {
    const coordinator = await startCoordinator();
    await expect(coordinator.run(transfer(a, b, 101))).rejects.toMatchObject({
      code: "aborted",
      message: "participant a could not prepare, so all are rolled back",
      cause: expect.objectContaining({ message: "the balance would be negative" }),
    });
    expect([balances(), prepared(), await coordinator.list()]).toEqual([[100, 100], [0, 0], []]);
  });

  it("rolls back when a branch could not be opened, even if the work ignores it", async () => {
    const coordinator = await startCoordinator();
    b.before = () => Promise.reject(new Error("down"));
    const run = coordinator.run(async (transaction) => {
      (await transaction.join(a)).add(5);
      await transaction.join(b).catch(() => {});
    });
    b.before = (method) => (method === "open" ? Promise.reject(new Error("down")) : undefined);
    await expect(run).rejects.toThrow("down");
    expect([balances(), a.openBranches]).toEqual([[100, 100], 0]);
  });

  it("refuses participants that recovery would not know", async () => {
    const coordinator = await startCoordinator();
    await expect(coordinator.run((transaction) => transaction.join(new Bank("c", 0)))).rejects.toMatchObject({
      code: "invalid_argument",
      message: expect.stringContaining("createCoordinator({ participants })"),
    });
  });

  it("accepts no participant after its work", async () => {
    const coordinator = await startCoordinator();
    const late = await coordinator.run(async (transaction) => () => transaction.join(a));
    await expect(late()).rejects.toMatchObject({ code: "failed_precondition" });
  });

  it("is rolled back after its timeout, and its signal aborts, also while a branch opens", async () => {
    const coordinator = await startCoordinator();
    let openB = () => {};
    b.before = (method) => (method === "open" ? new Promise((resolve) => (openB = resolve)) : undefined);
    let signal: AbortSignal | undefined;
    const run = coordinator.run(
      async (transaction) => {
        signal = transaction.signal;
        await transfer(a, b)(transaction);
      },
      { timeout: 20 },
    );
    await expect(run).rejects.toMatchObject({ code: "deadline_exceeded" });
    expect(signal?.aborted).toBe(true);
    openB();
    await expect.poll(() => [a.openBranches, b.openBranches]).toEqual([0, 0]);
    expect(balances()).toEqual([100, 100]);
  });

  it("does not fail by its observer", async () => {
    const observe = () => {
      throw new Error("no span");
    };
    const coordinator = await startCoordinator({ observe });
    await coordinator.run(transfer(a, b));
    expect(balances()).toEqual([90, 110]);
    expect(warn).toHaveBeenCalledWith("the observer of two-phase commit failed", expect.anything());
  });

  it("succeeds once it is decided, and recovery commits the branch that was not reachable", async () => {
    const coordinator = await startCoordinator();
    b.before = (method) => (method === "commit" ? Promise.reject(new Error("down")) : undefined);
    await coordinator.run(transfer(a, b));
    expect([balances(), prepared()]).toEqual([
      [90, 100],
      [0, 1],
    ]);
    b.before = () => {};
    // Its coordinator still has the lease.
    expect(await coordinator.recover()).toMatchObject({ committed: 0, orphans: 0 });
    time += 10_001;
    expect(await coordinator.recover()).toEqual({ ...nothing, committed: 1 });
    expect([balances(), prepared(), await coordinator.list()]).toEqual([[90, 110], [0, 0], []]);
  });
});

describe("a decision", () => {
  it("is repeated while the log does not answer, and holds if an attempt without an answer was written", async () => {
    let failures = 2;
    const own: CoordinatorLog = {
      ...log,
      async decide(id, lease) {
        const state = await log.decide(id, lease);
        if (failures-- > 0) throw new Error("connection lost");
        return state;
      },
    };
    const coordinator = await startCoordinator({ log: own });
    await coordinator.run(transfer(a, b));
    expect(balances()).toEqual([90, 110]);
  });

  it("is unknown when the entry is gone after an attempt without an answer", async () => {
    let attempts = 0;
    const own: CoordinatorLog = {
      ...log,
      async decide(id, lease) {
        if (attempts++ > 0) return await log.decide(id, lease);
        await log.decide(id, lease);
        // Meanwhile, another process recovers.
        time += lease + 1;
        await other.recover();
        throw new Error("connection lost");
      },
    };
    const other = await startCoordinator();
    const coordinator = await startCoordinator({ log: own });
    await expect(coordinator.run(transfer(a, b))).rejects.toMatchObject({ code: "unknown" });
    expect([balances(), prepared()]).toEqual([
      [90, 110],
      [0, 0],
    ]);
  });

  it("is left to recovery when the log stays away: nothing is committed or rolled back", async () => {
    const own: CoordinatorLog = { ...log, decide: () => Promise.reject(new Error("down")) };
    const coordinator = await startCoordinator({ log: own });
    await expect(coordinator.run(transfer(a, b))).rejects.toMatchObject({
      code: "unknown",
      message: expect.stringContaining("recovery finishes it"),
    });
    expect(prepared()).toEqual([1, 1]);
    time += 30_001;
    expect(await coordinator.recover()).toMatchObject({ rolledBack: 1 });
    expect([balances(), prepared()]).toEqual([
      [100, 100],
      [0, 0],
    ]);
  });

  it("to commit is refused once recovery has decided to roll back", async () => {
    const other = await startCoordinator();
    const own: CoordinatorLog = {
      ...log,
      async decide(id, lease) {
        // This process was stopped past its timeout.
        time += 30_001;
        expect(await other.recover()).toMatchObject({ rolledBack: 1 });
        return await log.decide(id, lease);
      },
    };
    const coordinator = await startCoordinator({ log: own });
    await expect(coordinator.run(transfer(a, b))).rejects.toMatchObject({ code: "aborted" });
    expect([balances(), prepared(), await coordinator.list()]).toEqual([[100, 100], [0, 0], []]);
  });
});

describe("recovery", () => {
  it("leaves a transaction alone that is running", async () => {
    const coordinator = await startCoordinator();
    const other = await startCoordinator();
    let goOn = () => {};
    b.before = (method) => (method === "prepare" ? new Promise((resolve) => (goOn = resolve)) : undefined);
    const run = coordinator.run(transfer(a, b));
    await expect.poll(() => a.kept.size).toBe(1);
    expect(await other.recover()).toEqual(nothing);
    expect(a.kept.size).toBe(1);
    goOn();
    await run;
    expect(balances()).toEqual([90, 110]);
  });

  it("rolls back prepared branches without an entry, and warns with their age", async () => {
    const transaction = newId();
    a.kept.set(printGid({ log: logId, transaction, participant: "a" }), -10);
    const coordinator = await startCoordinator();
    expect(prepared()).toEqual([0, 0]);
    const fields = { transaction, participant: "a", age: expect.any(Number) };
    expect(warn).toHaveBeenCalledWith("a prepared branch without a decision is rolled back", fields);
    expect(await coordinator.recover()).toMatchObject({ orphans: 0 });
  });

  it("does not mistake a branch for an orphan that is decided and ended while it looks", async () => {
    const coordinator = await startCoordinator();
    let goOn = () => {};
    a.before = (method) => (method === "commit" ? new Promise((resolve) => (goOn = resolve)) : undefined);
    const run = coordinator.run(transfer(a, b));
    await expect.poll(() => b.balance).toBe(110);
    expect(await coordinator.recover()).toMatchObject({ orphans: 0 });
    goOn();
    await run;
    expect(balances()).toEqual([90, 110]);
  });

  it("reads prepared branches before the log: what begins in between is no orphan", async () => {
    const coordinator = await startCoordinator();
    let isBegun = () => {};
    const begun = new Promise<void>((resolve) => {
      isBegun = resolve;
    });
    const own: CoordinatorLog = {
      ...log,
      async find(ids) {
        const found = await log.find(ids);
        // Only now, a whole transaction is prepared.
        await coordinator.run(async (transaction) => {
          await transfer(a, b)(transaction);
          isBegun();
        });
        return found;
      },
    };
    a.kept.set(printGid({ log: logId, transaction: newId(), participant: "a" }), -1);
    const other = await startCoordinator({ log: own });
    await begun;
    expect(await other.recover()).toMatchObject({ orphans: 0 });
    expect(balances()).toEqual([90, 110]);
  });

  it("never touches branches of another log, and warns once about old ones", async () => {
    const gid = printGid({ log: "0123456789abcdef", transaction: newId(), participant: "a" });
    a.kept.set(gid, -10);
    a.kept.set("potter:unreadable", -10);
    a.kept.set("another manager", -10);
    const coordinator = await startCoordinator({ warnAfter: 600_000 });
    expect(warn.mock.calls).toEqual([]);
    const impatient = await startCoordinator({ warnAfter: 1 });
    await expect.poll(() => impatient.recover().then(() => warn.mock.calls.length)).toBe(1);
    await impatient.recover();
    const message =
      "a prepared branch of another coordinator's log holds locks: if that log is lost, finish it by hand";
    expect(warn.mock.calls).toEqual([[message, { participant: "a", gid, age: expect.any(Number) }]]);
    await coordinator.recover();
    expect(a.kept.size).toBe(3);
  });

  it("finishes the branches that it can while a participant is down, and keeps the entry", async () => {
    const coordinator = await startCoordinator();
    const id = newId();
    for (const bank of [a, b]) bank.kept.set(printGid({ log: logId, transaction: id, participant: bank.name }), 1);
    await log.begin(id, ["a", "b"], 1);
    await log.decide(id, 1);
    time += 10;
    b.before = () => Promise.reject(new Error("down"));
    expect(await coordinator.recover()).toEqual({ ...nothing, failed: 2 });
    expect([balances(), prepared()]).toEqual([
      [101, 100],
      [0, 1],
    ]);
    expect(await coordinator.list()).toMatchObject([{ id, state: "committing", participants: ["a", "b"], age: 10 }]);
    b.before = () => {};
    time += 10_001;
    expect(await coordinator.recover()).toMatchObject({ committed: 1, failed: 0 });
    expect(balances()).toEqual([101, 101]);
  });

  it("keeps an entry whose participant is no longer listed", async () => {
    const error = vi.fn();
    const coordinator = await startCoordinator({ participants: [a], logger: { ...silentLogger, error } });
    const id = newId();
    await log.begin(id, ["a", "b"], 1);
    await log.decide(id, 1);
    time += 10;
    expect(await coordinator.recover()).toMatchObject({ committed: 0, failed: 1 });
    expect(error.mock.calls[0]?.[1]).toMatchObject({ transaction: id, participants: ["b"] });
    expect(await coordinator.list()).toHaveLength(1);
  });

  it("runs periodically, until the coordinator stops", async () => {
    const coordinator = await startCoordinator({ recoveryInterval: 1 });
    a.kept.set(printGid({ log: logId, transaction: newId(), participant: "a" }), -10);
    await expect.poll(() => a.kept.size).toBe(0);
    await coordinator.stop();
    await expect(coordinator.recover()).rejects.toMatchObject({ code: "unavailable" });
  });

  it("ends after a participant hangs", async () => {
    const coordinator = await startCoordinator({ lease: 30 });
    b.before = never;
    expect(await coordinator.recover()).toMatchObject({ failed: 1 });
  });
});

describe("createCoordinator", () => {
  it("refuses names that do not fit a gid or are not unique, and durations that are none", () => {
    const create = (options: Partial<CoordinatorOptions>) => () =>
      createCoordinator({ log, participants: [a], ...options });
    expect(create({ participants: [new Bank("A B", 0)] })).toThrow('1 to 40 of a–z, 0–9 and "-": found "A B"');
    expect(create({ participants: [a, new Bank("a", 0)] })).toThrow("two participants have the name a");
    expect(create({ timeout: 0 })).toThrow("timeout is a number of milliseconds from 1 to 2^31 - 1: found 0");
    expect(create({ participants: [Object.assign(new Bank("a", 0), { name: undefined })] as never })).toThrow(
      "found undefined",
    );
  });

  it("refuses a log or participants that would fail in the middle of a transaction", () => {
    const create = (options: object) => () =>
      createCoordinator({ log, participants: [a], ...options } as CoordinatorOptions);
    const such = "expected a durable log, such as postgresCoordinatorLog({ pool })";
    expect(create({ log: undefined })).toThrow(`the log of the coordinator is undefined: ${such}`);
    const { end: _, ...endless } = log;
    expect(create({ log: endless })).toThrow(`the log of the coordinator lacks end: ${such}`);
    expect(create({ participants: undefined })).toThrow("all databases that transactions join: found none");
    expect(create({ participants: [] })).toThrow("all databases that transactions join: found none");
    expect(create({ participants: [{ name: "a", open: () => {} }] })).toThrow("lacks prepare, commit, rollback");
    for (const options of [{ log: undefined }, { participants: [] }]) {
      expect(create(options)).toThrow(expect.objectContaining({ code: "invalid_argument" }));
    }
  });

  it("does not start on a log without an id, whose branches recovery would not recognize", async () => {
    const own = createCoordinator({ log: { ...log, start: async () => "" }, participants: [a] });
    await expect(own.start()).rejects.toMatchObject({
      code: "failed_precondition",
      message: 'the log of the coordinator has the id "": expected 16 of 0–9, a–f',
    });
  });

  it("refuses a timeout of one transaction that is none", async () => {
    const coordinator = await startCoordinator();
    const run = coordinator.run(transfer(a, b), { timeout: Number.NaN });
    await expect(run).rejects.toMatchObject({ code: "invalid_argument" });
    expect(a.openBranches).toBe(0);
  });

  it("must be started, once", async () => {
    const coordinator = createCoordinator({ log, participants: [a] });
    await expect(coordinator.run(async () => 1)).rejects.toMatchObject({ code: "failed_precondition" });
    await coordinator.start();
    coordinators.push(coordinator);
    await expect(coordinator.start()).rejects.toMatchObject({ code: "failed_precondition" });
  });

  it("waits for running transactions when it stops", async () => {
    const coordinator = await startCoordinator();
    let goOn = () => {};
    a.before = (method) => (method === "prepare" ? new Promise((resolve) => (goOn = resolve)) : undefined);
    const run = coordinator.run(transfer(a, b));
    await new Promise((resolve) => setTimeout(resolve));
    const stopped = coordinator.stop();
    goOn();
    await stopped;
    await run;
    expect(balances()).toEqual([90, 110]);
    await expect(coordinator.run(transfer(a, b))).rejects.toMatchObject({ code: "unavailable" });
  });
});
