// Branches that somebody ends by hand, against the decision: nothing of it is reported as success.
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { silentLogger } from "../cqrs/index.js";
import { newId } from "../message/index.js";
import { type Coordinator, createCoordinator } from "./coordinator.js";
import type { CoordinatorLog } from "./coordinator-log.js";
import { printGid } from "./gid.js";
import { memoryCoordinatorLog } from "./memory-log.js";
import type { CoordinatorOptions } from "./options.js";
import { Bank, transfer } from "./participants.fixture.js";

const none = { committed: 0, unverified: 0, rolledBack: 0, orphans: 0, contradicted: 0, failed: 0 };
const lease = 10_000;

let time = 0;
let log: CoordinatorLog;
let logId: string;
let a: Bank;
let b: Bank;
const warn = vi.fn();
const error = vi.fn();
const coordinators: Coordinator[] = [];

async function start(own: Partial<CoordinatorOptions> = {}): Promise<Coordinator> {
  const logger = { ...silentLogger, warn, error };
  const coordinator = createCoordinator({ log, participants: [a, b], logger, recoveryInterval: 1_000_000, ...own });
  await coordinator.start();
  // The recovery of its start.
  await coordinator.recover();
  coordinators.push(coordinator);
  return coordinator;
}

/** Commits a transfer, of which b cannot be reached. Returns its id. */
async function leave(coordinator: Coordinator): Promise<string> {
  b.before = (method) => (method === "commit" ? Promise.reject(new Error("down")) : undefined);
  await coordinator.run(transfer(a, b));
  b.before = () => {};
  time += lease + 1;
  warn.mockClear();
  return (await coordinator.list())[0]?.id ?? "";
}

beforeEach(async () => {
  time = 1_000;
  log = memoryCoordinatorLog({ now: () => time });
  logId = await log.start();
  a = new Bank("a", 100);
  b = new Bank("b", 100);
  a.canTell = true;
  b.canTell = true;
  warn.mockClear();
  error.mockClear();
});
afterEach(async () => {
  for (const coordinator of coordinators.splice(0)) await coordinator.stop();
});

describe("a branch that was rolled back by hand although the transaction was decided", () => {
  it("is an error in each run of recovery, until a person has resolved it", async () => {
    const coordinator = await start();
    const id = await leave(coordinator);
    b.endByHand("rollback");
    for (let run = 0; run < 2; run++) {
      expect(await coordinator.recover()).toEqual({ ...none, contradicted: 1 });
      time += lease + 1;
    }
    const message = "a branch was ended against the decision: repair its data, then call resolve of the coordinator";
    const gid = printGid({ log: logId, transaction: id, participant: "b" });
    const fields = { transaction: id, decision: "commit", participant: "b", gid, error: expect.any(Error) };
    expect(error.mock.calls).toEqual([
      [message, fields],
      [message, fields],
    ]);
    expect(await coordinator.list()).toMatchObject([{ id, state: "committing" }]);
    expect(await coordinator.resolve(id)).toBe(true);
    expect([await coordinator.list(), await coordinator.resolve(id)]).toEqual([[], false]);
    expect(await coordinator.recover()).toEqual(none);
  });

  it("is an error at once if its coordinator finds it", async () => {
    const own = {
      ...log,
      decide: (id: string, given: number) => log.decide(id, given).finally(() => b.endByHand("rollback")),
    };
    const coordinator = await start({ log: own });
    await coordinator.run(transfer(a, b));
    expect(error).toHaveBeenCalledOnce();
    expect(await coordinator.list()).toHaveLength(1);
    expect([a.balance, b.balance]).toEqual([90, 100]);
  });

  it("is not taken for one that was committed by another process, by participants that can tell", async () => {
    const first = await start();
    await leave(first);
    const other = await start();
    expect(await other.recover()).toEqual(none);
    expect([a.balance, b.balance, await other.list()]).toEqual([90, 110, []]);
    expect([warn.mock.calls, error.mock.calls]).toEqual([[], []]);
  });

  it("is unverified if its participant cannot tell how it has ended", async () => {
    b.canTell = false;
    const coordinator = await start();
    const id = await leave(coordinator);
    b.endByHand("rollback");
    expect(await coordinator.recover()).toEqual({ ...none, unverified: 1 });
    expect(warn.mock.calls).toEqual([
      [
        expect.stringContaining("its participant cannot tell how"),
        { transaction: id, age: expect.any(Number), participants: ["b"] },
      ],
    ]);
    expect(await coordinator.list()).toEqual([]);
  });
});

it("a branch that was committed by hand although the transaction is rolled back is an error, too", async () => {
  const own: CoordinatorLog = { ...log, decide: () => Promise.reject(new Error("down")) };
  const coordinator = await start({ log: own });
  await expect(coordinator.run(transfer(a, b))).rejects.toMatchObject({ code: "unknown" });
  a.endByHand("commit");
  time += 30_001;
  expect(await coordinator.recover()).toEqual({ ...none, contradicted: 1 });
  expect(error.mock.calls.map(([, fields]) => [fields.decision, fields.participant])).toEqual([["rollback", "a"]]);
  expect([a.balance, b.balance, b.kept.size]).toEqual([90, 100, 0]);
});

describe("recovery without marks", () => {
  beforeEach(() => {
    a.canTell = false;
    b.canTell = false;
  });

  it("knows the branches that its own process has committed", async () => {
    const coordinator = await start();
    await leave(coordinator);
    expect(await coordinator.recover()).toEqual({ ...none, committed: 1 });
    expect(warn.mock.calls).toEqual([]);
  });

  it("says which branches another process may have committed", async () => {
    await leave(await start());
    const recovering = createCoordinator({ log, participants: [a, b], logger: { ...silentLogger, warn } });
    coordinators.push(recovering);
    await recovering.start();
    await expect.poll(() => log.find()).toEqual([]);
    expect(warn.mock.calls.map(([, { participants }]) => participants)).toEqual([["a"]]);
    expect([a.balance, b.balance]).toEqual([90, 110]);
  });
});

describe("a person", () => {
  it("cannot resolve what recovery will finish", async () => {
    const coordinator = await start();
    const id = await leave(coordinator);
    await expect(coordinator.resolve(id)).rejects.toMatchObject({
      code: "failed_precondition",
      message: expect.stringContaining("its branch of b is still prepared"),
    });
    const open = newId();
    await log.begin(open, ["a"], 60_000);
    await expect(coordinator.resolve(open)).rejects.toThrow("it is not decided yet");
    const fewer = await start({ participants: [a] });
    await expect(fewer.resolve(id)).rejects.toThrow("does not know its participant b");
    expect((await log.find()).map((entry) => entry.id)).toEqual([id, open]);
  });
});
