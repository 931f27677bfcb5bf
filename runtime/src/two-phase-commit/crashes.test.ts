// A process dies, or stops for a long time, before and after every call that it makes, and others recover. Each case also
// proves that it can fail: with a guard removed, some crash point breaks the invariants.
import { describe, expect, it } from "vitest";
import { createCoordinator } from "./coordinator.js";
import type { CoordinatorLog } from "./coordinator-log.js";
import { memoryCoordinatorLog } from "./memory-log.js";
import type { Participant } from "./participant.js";
import { Bank, transfer } from "./participants.fixture.js";

type Fault = "dies" | "stops and continues";

/** Lets one process fail at its nth point: a point is before and after each call. */
class Process {
  isPaused = false;
  points = 0;
  private readonly at: number;
  private readonly resumed: Promise<void>;
  private release = (): void => {};
  private report = (): void => {};
  /** Resolves when it fails. */
  readonly failed: Promise<void>;

  constructor(at: number) {
    this.at = at;
    this.resumed = new Promise((resolve) => (this.release = resolve));
    this.failed = new Promise((resolve) => (this.report = resolve));
  }

  resume(): void {
    this.isPaused = false;
    this.release();
  }

  private async pass(): Promise<void> {
    if (this.points++ === this.at) {
      this.isPaused = true;
      this.report();
    }
    // While a process is stopped, none of its calls continues. One that died is not resumed.
    if (this.isPaused) await this.resumed;
  }

  /** The object as this process reaches it. */
  wrap<T extends object>(target: T): T {
    return new Proxy(target, {
      get: (_, name) => {
        const value: unknown = Reflect.get(target, name);
        if (typeof value !== "function") return value;
        if (name === "markOf") return value.bind(target);
        return async (...args: unknown[]) => {
          await this.pass();
          const result: unknown = await value.apply(target, args);
          await this.pass();
          return result;
        };
      },
    });
  }
}

interface Guards {
  /** Changes the log of all processes. */
  readonly log?: (log: CoordinatorLog) => CoordinatorLog;
  /** Changes the participants of all processes. */
  readonly bank?: (bank: Bank) => Participant<{ add(amount: number): void }>;
}

/**
 * Runs one transfer with a fault at a point, and recovers; a first process that recovers dies at a point of its own. Returns
 * what is wrong afterwards, undefined if the process ended before its point.
 */
async function fail(
  fault: Fault,
  at: number,
  guards: Guards = {},
  recoveryDiesAt?: number,
): Promise<string[] | undefined> {
  let time = 1_000;
  const memory = memoryCoordinatorLog({ now: () => time });
  const log = guards.log?.(memory) ?? memory;
  const banks = [new Bank("a", 100), new Bank("b", 100)] as const;
  const process = new Process(at);
  const start = async (log: CoordinatorLog, participants: readonly Participant[]) => {
    const coordinator = createCoordinator({ log, participants, recoveryInterval: 2 ** 30 });
    await coordinator.start();
    await coordinator.recover();
    return coordinator;
  };
  const seen = banks.map((bank) => guards.bank?.(bank) ?? bank);
  const [a, b] = seen.map((bank) => process.wrap(bank)) as unknown as [Bank, Bank];
  process.points = Number.NEGATIVE_INFINITY;
  const coordinator = await start(process.wrap(log), [a, b]);
  process.points = 0;
  let outcome = "pending";
  const run = coordinator.run(transfer(a, b)).then(
    () => (outcome = "committed"),
    () => (outcome = "rolled back"),
  );
  const end = await Promise.race([process.failed.then(() => "failed"), run]);
  const others = await Promise.all([start(log, seen), start(log, seen)]);
  const recoverAll = async () => {
    time += 100_000;
    await Promise.all(others.map((other) => other.recover()));
  };
  if (end === "failed") {
    if (recoveryDiesAt === undefined) await recoverAll();
    else {
      time += 100_000;
      const first = new Process(recoveryDiesAt);
      const recovering = start(
        first.wrap(log),
        seen.map((bank) => first.wrap(bank)),
      );
      await Promise.race([recovering, first.failed]);
    }
    if (fault === "stops and continues") {
      process.resume();
      await run;
    }
  }
  await recoverAll();
  await recoverAll();
  const problems: string[] = [];
  const balances = banks.map(({ balance }) => balance).join();
  if (balances !== "100,100" && balances !== "90,110") problems.push(`balances ${balances}`);
  if (outcome === "committed" && balances !== "90,110") problems.push("reported as committed");
  if (outcome === "rolled back" && balances !== "100,100") problems.push("reported as rolled back");
  if (banks.some(({ kept }) => kept.size > 0)) problems.push("a branch is still prepared");
  if ((await memory.find()).length > 0) problems.push("an entry is left");
  await Promise.all(others.map((other) => other.stop()));
  return end === "failed" ? problems : undefined;
}

/** The problems of all points. */
async function failEverywhere(fault: Fault, guards?: Guards): Promise<{ points: number; problems: string[] }> {
  const problems: string[] = [];
  for (let at = 0; ; at++) {
    const found = await fail(fault, at, guards);
    if (found === undefined) return { points: at, problems };
    problems.push(...found.map((problem) => `point ${at}: ${problem}`));
  }
}

describe.each<Fault>(["dies", "stops and continues"])("a process that %s", (fault) => {
  it("leaves both branches committed or neither, whenever it happens", async () => {
    const { points, problems } = await failEverywhere(fault);
    expect(problems).toEqual([]);
    // open, prepare and commit of both, begin, decide and end: before and after each.
    expect(points).toBe(18);
  });
});

/** The problems of all points, with a death of the recovering process at each of its first 20 points. */
async function failTwiceEverywhere(guards?: Guards): Promise<string[]> {
  const problems: string[] = [];
  for (let at = 0; at < 18; at++) {
    for (let recovery = 0; recovery < 20; recovery++) {
      const found = await fail("stops and continues", at, guards, recovery);
      problems.push(...(found ?? []).map((problem) => `points ${at} and ${recovery}: ${problem}`));
    }
  }
  return problems;
}

describe("a process that stops and continues, while one that recovers dies", () => {
  it("leaves both branches committed or neither, whenever it happens", async () => {
    expect(await failTwiceEverywhere()).toEqual([]);
  });

  it("breaks the invariants if recovery does not decide to roll back before it does", async () => {
    const log = (log: CoordinatorLog): CoordinatorLog => ({
      ...log,
      takeDue: async () => (await log.find()).filter(({ age }) => age > 50_000),
    });
    expect(await failTwiceEverywhere({ log })).not.toEqual([]);
  });
});

describe("without one of its guards", () => {
  it.each<[string, Fault, Guards]>([
    [
      "the condition of the decision",
      "stops and continues",
      {
        log: (log) => ({
          ...log,
          decide: async (id, lease) => ((await log.decide(id, lease)) === undefined ? "committing" : "committing"),
        }),
      },
    ],
    ["the entry before the first prepare", "stops and continues", { log: (log) => ({ ...log, find: async () => [] }) }],
    ["the durable decision", "dies", { log: (log) => ({ ...log, decide: async () => "committing" }) }],
    [
      "the commit that is certain before the entry ends",
      "dies",
      {
        bank: (bank) => ({
          name: bank.name,
          open: (gid) => bank.open(gid),
          prepare: (gid) => bank.prepare(gid),
          // Reports success before it has happened.
          commit: async (gid) => (bank.name === "b" ? undefined : await bank.commit(gid)),
          rollback: (gid) => bank.rollback(gid),
          prepared: (prefix) => bank.prepared(prefix),
        }),
      },
    ],
    [
      "the sweep",
      "stops and continues",
      {
        bank: (bank) => ({
          name: bank.name,
          open: (gid) => bank.open(gid),
          prepare: (gid) => bank.prepare(gid),
          commit: (gid) => bank.commit(gid),
          // A rollback that overtakes the prepare, and that its process does not repeat.
          rollback: async (gid) => (bank.kept.has(gid) ? Promise.reject(new Error("down")) : await bank.rollback(gid)),
        }),
      },
    ],
  ])("%s: the invariants break", async (_, fault, guards) => {
    const { problems } = await failEverywhere(fault, guards);
    expect(problems).not.toEqual([]);
  });
});
