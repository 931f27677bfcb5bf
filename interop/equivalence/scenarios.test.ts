import { afterAll, beforeAll, expect, it } from "vitest";
import type { Outcome, TrialCall } from "./caller.js";
import { AccountService, TrialService } from "./gen/trial/v1/trial_cqrs.js";
import { openSurfaces, type Surface } from "./open-surfaces.js";

let surfaces: readonly Surface[];
let close: () => Promise<void>;
beforeAll(async () => {
  ({ surfaces, close } = await openSurfaces(true));
});
afterAll(() => close());

const { openAccount } = AccountService.methods;
const { count, double, hang } = TrialService.methods;
const able = (call: TrialCall): readonly Surface[] =>
  surfaces.filter(({ caller }) => caller.excludes?.(call) === undefined);
const method = (one: unknown): TrialCall["method"] => one as TrialCall["method"];

it("executes a command once, whichever surfaces repeat its id", async () => {
  const id = (at: number): string => `id${"abcdefghijklmnopqrstuvwxyz"[at]}`;
  for (const [at, first] of surfaces.entries()) {
    const call = { method: method(openAccount), requests: [{ accountId: id(at) }], commandId: `command-${at}` };
    const answer = await first.caller.call(call);
    expect([first.caller.name, answer.code, answer.responses]).toEqual([
      first.caller.name,
      "ok",
      [{ accountId: id(at) }],
    ]);
    const recorded = (await first.trial.events()).length;
    for (const { caller } of surfaces) {
      const repeated = await caller.call(call);
      expect([caller.name, repeated.code, repeated.responses]).toEqual([caller.name, "ok", answer.responses]);
    }
    expect((await first.trial.events()).length).toBe(recorded);
  }
});

it("ends a call at its deadline, and its handler with it", async () => {
  const call: TrialCall = { method: method(hang), requests: [{}], timeout: 200 };
  expect(able(call).length).toBeGreaterThan(0);
  for (const { caller, trial } of able(call)) {
    const { code } = await caller.call(call);
    expect([caller.name, code]).toEqual([caller.name, "deadline_exceeded"]);
    await expect.poll(() => trial.hanging.count).toBe(0);
  }
});

it("cancels a handler whose caller cancels", async () => {
  const cancelled = able({ method: method(hang), requests: [{}], cancel: new AbortController().signal });
  expect(cancelled.length).toBeGreaterThan(0);
  for (const { caller, trial } of cancelled) {
    const controller = new AbortController();
    const call = { method: method(hang), requests: [{}], cancel: controller.signal };
    const outcome = caller.call(call);
    await expect.poll(() => trial.hanging.count).toBe(1);
    controller.abort();
    expect([caller.name, (await outcome).code]).toEqual([caller.name, "cancelled"]);
    await expect.poll(() => trial.hanging.count).toBe(0);
  }
});

it("continues a stream over any surface where another broke off, without a gap or a duplicate", async () => {
  const call: TrialCall = { method: method(count), requests: [{ from: 1, to: 300 }] };
  const all = Array.from({ length: 300 }, (_, index) => ({ number: index + 1 }));
  const streaming = able(call);
  expect(streaming.length).toBeGreaterThan(0);
  for (const { caller: first } of streaming) {
    const begun = await first.call({ ...call, take: 120 });
    for (const { caller: second } of streaming) {
      const rest = await second.call({ ...call, after: "120" });
      expect([first.name, second.name, rest.code]).toEqual([first.name, second.name, "ok"]);
      expect([...begun.responses, ...rest.responses]).toEqual(all);
    }
  }
});

it("answers a stream of requests while it is sent", async () => {
  const requests = Array.from({ length: 500 }, (_, number) => ({ number }));
  const duplex = able({ method: method(double), requests });
  expect(duplex.length).toBeGreaterThan(0);
  for (const { caller } of duplex) {
    const outcome: Outcome = await caller.call({ method: method(double), requests });
    expect([caller.name, outcome.code]).toEqual([caller.name, "ok"]);
    expect(outcome.responses).toEqual(requests.map(({ number }) => (number === 0 ? {} : { number: 2 * number })));
  }
});
