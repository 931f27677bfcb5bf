import type { Caller, Outcome, TrialCall } from "./caller.js";
import { inProcess } from "./callers/in-process.js";
import { differenceOf } from "./compare.js";
import { AccountService, TrialService } from "./gen/trial/v1/trial_cqrs.js";
import { openSurfaces, type Surface } from "./open-surfaces.js";
import { Random, randomRequest } from "./random-request.js";
import { createTrial, type Trial } from "./trial.js";

/** What a run found. */
export interface Report {
  /** The number of calls by surface and method. */
  readonly calls: ReadonlyMap<string, ReadonlyMap<string, number>>;
  /** The number of calls that a surface cannot express, by surface and reason. */
  readonly excluded: ReadonlyMap<string, number>;
  /** The number of outcomes by code. */
  readonly codes: ReadonlyMap<string, number>;
  readonly differences: readonly string[];
}

/** The calls between two comparisons of all recorded events. */
const eventsEvery = 200;

/**
 * Makes random calls: each in process and over every surface, on an app of its own, which all have seen the same calls before. Stops
 * after ten differences.
 */
export async function runCalls(total: number, seed: number): Promise<Report> {
  const random = new Random(seed);
  const oracle = createTrial([]);
  const expecting = inProcess(oracle.app);
  const { surfaces, close } = await openSurfaces();
  const excluded = new Map<string, number>();
  const codes = new Map<string, number>();
  const found: string[] = [];
  const made = new Map(surfaces.map(({ caller }) => [caller.name, new Map<string, number>()]));
  let calls = 0;
  let pageToken = "no token";
  try {
    for (let step = 1; calls < total && found.length < 10; step++) {
      const call = randomCall(random, pageToken);
      const expected = await expecting.call(call);
      if (call.method.name === "ListAccounts") pageToken = nextPageTokenOf(expected) ?? pageToken;
      count(codes, expected.code);
      for (const { trial, caller } of surfaces) {
        const reason = caller.excludes?.(call);
        if (reason !== undefined) {
          count(excluded, `${caller.name}: ${reason}`);
          // So that its app sees the same calls.
          await inProcess(trial.app).call(call);
          continue;
        }
        calls++;
        count(made.get(caller.name) as Map<string, number>, call.method.name);
        const difference = differenceOf(caller, call, expected, await outcomeOf(caller, call));
        if (difference !== undefined) found.push(difference);
      }
      if (step % eventsEvery === 0) found.push(...(await differencesOfEvents(oracle, surfaces)));
    }
    found.push(...(await differencesOfEvents(oracle, surfaces)));
  } finally {
    await close();
    await oracle.app.stop();
  }
  return { calls: made, excluded, codes, differences: found };
}

async function outcomeOf(caller: Caller, call: TrialCall): Promise<Outcome> {
  try {
    return await caller.call(call);
  } catch (error) {
    throw new Error(`${caller.name} failed at ${call.method.name} ${JSON.stringify(call.requests)}`, { cause: error });
  }
}

async function differencesOfEvents(oracle: Trial, surfaces: readonly Surface[]): Promise<string[]> {
  const expected = JSON.stringify(await oracle.events());
  const found: string[] = [];
  for (const { trial, caller } of surfaces) {
    if (JSON.stringify(await trial.events()) !== expected) found.push(`${caller.name} has recorded other events`);
  }
  return found;
}

const { openAccount, deposit, withdraw, getAccount, listAccounts } = AccountService.methods;
const { echo, ask, fail, count: counting, sum, double } = TrialService.methods;
const ids = ["a", "b", "ada", "grace", "Not an id", ""];
const codes =
  "cancelled unknown invalid_argument not_found already_exists permission_denied resource_exhausted failed_precondition aborted out_of_range unimplemented internal unavailable data_loss unauthenticated".split(
    " ",
  );
const hows = [...codes, "declared", "declared", "thrown", "confidential", "retry"];

function randomCall(random: Random, pageToken: string): TrialCall {
  const malformed = 10;
  const request = (method: TrialCall["method"]): unknown => randomRequest(random, method.request.schema, malformed);
  switch (random.below(10)) {
    case 0:
    case 1: {
      const method = random.of([openAccount, deposit, withdraw]) as TrialCall["method"];
      const json = request(method) as Record<string, unknown>;
      const amount = random.of(["1", "5", "100", "0", "-1"]);
      const id = random.of(ids);
      const valid = method.name === "OpenAccount" ? { accountId: id, owner: "ada" } : { accountId: id, amount };
      return {
        method,
        requests: [random.chance(80) ? valid : { ...json, accountId: id }],
        ...(random.chance(40) && { commandId: `command-${random.below(500)}` }),
        ...(random.chance(20) && { expectedVersion: random.below(4) }),
      };
    }
    case 2: {
      const pageSize = random.of([0, 1, 2, 50, 51, -1]);
      return random.chance(50)
        ? { method: getAccount as TrialCall["method"], requests: [{ accountId: random.of(ids.slice(0, 5)) }] }
        : {
            method: listAccounts as TrialCall["method"],
            requests: [{ pageSize, ...(random.chance(50) && { pageToken }) }],
          };
    }
    case 3:
    case 4:
      return { method: echo as TrialCall["method"], requests: [request(echo as TrialCall["method"])] };
    case 5: {
      const json = request(ask as TrialCall["method"]) as Record<string, unknown>;
      return {
        method: ask as TrialCall["method"],
        requests: [{ ...json, subject: random.of(["a", "b c", "ä/ö", "%", "a?b"]) }],
      };
    }
    case 6:
      return {
        method: fail as TrialCall["method"],
        requests: [{ how: random.of(hows), message: random.of(["", "no", "ä%€\n😀", "x".repeat(300)]) }],
      };
    case 7:
      return {
        method: counting as TrialCall["method"],
        requests: [{ from: random.below(5), to: random.below(30), failAt: random.chance(30) ? random.below(20) : 0 }],
        ...(random.chance(30) && { after: String(random.below(20)) }),
      };
    case 8:
      return { method: sum as TrialCall["method"], requests: numbers(random) };
    default:
      return { method: double as TrialCall["method"], requests: numbers(random) };
  }
}

function nextPageTokenOf({ responses }: Outcome): string | undefined {
  return (responses[0] as { nextPageToken?: string } | undefined)?.nextPageToken;
}

function numbers(random: Random): unknown[] {
  return Array.from({ length: random.below(8) }, () => ({ number: random.chance(5) ? -1000 : random.below(100) }));
}

function count(counts: Map<string, number>, key: string): void {
  counts.set(key, (counts.get(key) ?? 0) + 1);
}
