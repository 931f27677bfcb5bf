// Random sagas and random outcomes, against a receiver that knows what was really done.
import fc from "fast-check";
import { expect, it } from "vitest";
import type { StepDefinition } from "../declaration/index.js";
import { command, event, sagaOf, timer } from "../saga.fixture.js";
import {
  commandMachine,
  dueOf,
  type FailureKind,
  ResolvedSaga,
  reduce,
  type SagaAction,
  type SagaInstance,
  type SagaMessage,
  startSaga,
  stepMachine,
  type Transition,
} from "./index.js";

type Command = Extract<SagaAction, { kind: "command" }>;

const shape = fc.record({
  kinds: fc.array(fc.constantFrom("command", "command", "command", "each", "event", "timer"), {
    minLength: 1,
    maxLength: 6,
  }),
  edges: fc.array(fc.boolean(), { minLength: 36, maxLength: 36 }),
  pivot: fc.option(fc.nat(5), { nil: undefined }),
  timeouts: fc.array(fc.constantFrom(undefined, undefined, 400, 3_000), { minLength: 6, maxLength: 6 }),
  onTimeout: fc.constantFrom("compensate", "retry", "continue"),
  deadline: fc.option(fc.integer({ min: 100, max: 20_000 }), { nil: undefined }),
  local: fc.boolean(),
});
type Shape = typeof shape extends fc.Arbitrary<infer T> ? T : never;

/** What happens next: which command is answered, how, and how much time passes. */
const moves = fc.array(
  fc.record({
    pick: fc.nat(),
    what: fc.constantFrom(
      "success",
      "success",
      "success",
      "refused",
      "temporary",
      "unknown_done",
      "unknown_lost",
      "crash",
      "event",
      "cancel",
      "pause",
      "duplicate",
    ),
    wait: fc.constantFrom(0, 0, 50, 500, 40_000),
  }),
  { maxLength: 40 },
);

function toSteps({ kinds, edges, pivot, timeouts, onTimeout }: Shape): readonly StepDefinition[] {
  return kinds.map((kind, i) => {
    const after = kinds.flatMap((_, j) => (j < i && edges[i * 6 + j] ? [`s${j}`] : []));
    const timeout = timeouts[i] === undefined ? {} : { timeout: timeouts[i], onTimeout: onTimeout as "compensate" };
    if (kind === "event") return event(`s${i}`, { after, ...timeout });
    if (kind === "timer") return timer(`s${i}`, { after, delay: 300 });
    return command(`s${i}`, {
      after,
      ...timeout,
      ...(kind === "each" && { forEach: true }),
      ...(pivot === i && { pivot: true }),
    });
  });
}

/** A receiver of commands: executes each id once, and nothing that was undone before. */
class Receiver {
  readonly done = new Map<string, boolean>();
  readonly barred = new Set<string>();
  execute(key: string): void {
    if (!this.barred.has(key)) this.done.set(key, true);
  }
  undo(key: string): void {
    this.barred.add(key);
    this.done.delete(key);
  }
}

const random = (): number => 0.5;

it("every saga ends, and leaves all of its effects or none", () => {
  const ends: Record<string, number> = {};
  fc.assert(
    fc.property(shape, moves, (drawn, script) => {
      const steps = toSteps(drawn);
      const { deadline, local } = drawn;
      const saga = new ResolvedSaga(sagaOf(steps, deadline === undefined ? {} : { deadline }), () => local);
      const receiver = new Receiver();
      let now = 1_000;
      let instance: SagaInstance | undefined;
      let open: Command[] = [];
      const undoing = new Set<string>();
      const keyOf = ({ step, element }: Command) => `${step}/${element}`;

      const check = (before: SagaInstance | undefined, transition: Transition) => {
        if (transition.kind === "ignored") return;
        const after = transition.instance;
        for (const [name, state] of Object.entries(after.steps)) {
          const { status } = before?.steps[name] ?? { status: "waiting" };
          // A final state stays.
          if (stepMachine.isFinal(status as "waiting")) expect(state.status).toBe(status);
          const old = before?.steps[name]?.commands ?? [];
          old.forEach((one, i) => {
            if (commandMachine.isFinal(one.status)) expect(state.commands[i]?.status).toBe(one.status);
          });
        }
        for (const action of transition.actions) {
          if (action.kind !== "command") continue;
          const key = keyOf(action);
          const step = saga.steps(1).get(action.step);
          if (action.phase === "do") {
            expect(undoing.has(key), "sent after its compensation").toBe(false);
            for (const name of step?.after ?? [])
              expect(after.steps[name]?.status).toMatch(/^(done|skipped|timed_out)$/);
          } else {
            undoing.add(key);
            expect(after.pivoted, "compensated after the pivot").toBe(false);
            for (const name of step?.dependents ?? []) {
              const left = after.steps[name]?.commands.filter(({ status }) =>
                /^(sent|done|unknown|undoing|undo_waiting)$/.test(status),
              );
              expect(left, "undone before a later step").toEqual([]);
            }
          }
        }
        const due = dueOf(after);
        const isOver = after.status !== "running" && after.status !== "compensating";
        const waits = Object.values(after.steps).some(
          ({ status, timeoutAt }) => status === "running" && timeoutAt === undefined,
        );
        if (!isOver && !after.paused && !waits) expect(due, JSON.stringify(after.steps)).toBeGreaterThan(0);
      };
      const take = (transition: Transition) => {
        check(instance, transition);
        if (transition.kind === "ignored") return;
        instance = transition.instance;
        open.push(...transition.actions.filter((action): action is Command => action.kind === "command"));
      };
      const context = () => ({ now, lease: now + 30_000, random });
      const send = (message: SagaMessage) => take(reduce(saga, instance as SagaInstance, message, context()));
      const sendEvents = (arrival: unknown) => {
        for (const { kind, name } of steps) if (kind === "event") send({ kind: "event", step: name, event: arrival });
      };
      const answer = (one: Command, kind: "success" | FailureKind, isDone: boolean) => {
        open = open.filter((other) => other !== one);
        const isCurrent = instance?.steps[one.step]?.commands[one.element]?.epoch === one.epoch;
        // A local command and the transition are one transaction: without the transition there is no effect.
        if (isDone && (!local || isCurrent))
          one.phase === "do" ? receiver.execute(keyOf(one)) : receiver.undo(keyOf(one));
        const { step, element, phase, epoch } = one;
        const address = { step, element, phase, epoch };
        if (kind === "success") send({ kind: "response", response: { text: one.step }, ...address });
        else send({ kind: "failure", outcome: kind, failure: { code: kind }, ...address });
      };

      const data = { id: "t", log: [], stops: ["x", "y"], email: "", fast: false, until: 0n };
      take(
        startSaga(
          saga,
          { id: "t", tenant: "", data: saga.part.saga.codec.create(data as never), origin: { correlationId: "t" } },
          context(),
        ),
      );
      for (const { pick, what, wait } of script) {
        now += wait;
        if (wait > 0) send({ kind: "due" });
        const one = open[pick % Math.max(open.length, 1)];
        if (what === "event") sendEvents({ $typeName: "trips.v1.Arrived", id: "t", note: "n" });
        else if (what === "cancel") send({ kind: "cancel" });
        else if (what === "pause") send({ kind: pick % 2 ? "pause" : "resume" });
        else if (one === undefined) continue;
        else if (what === "duplicate") {
          answer(one, "success", true);
          send({
            kind: "response",
            response: {},
            step: one.step,
            element: one.element,
            phase: one.phase,
            epoch: one.epoch,
          });
        } else if (what === "crash") open = open.filter((other) => other !== one);
        else if (what === "success") answer(one, "success", true);
        else if (what === "unknown_done" || what === "unknown_lost")
          answer(one, "unknown", !local && what === "unknown_done");
        else answer(one, what === "refused" && one.phase === "undo" ? "temporary" : (what as FailureKind), false);
      }
      // From here on everything works.
      send({ kind: "resume" });
      const isOver = (): boolean => instance?.status === "completed" || instance?.status === "compensated";
      for (let i = 0; i < 200 && !isOver(); i++) {
        for (const one of [...open]) answer(one, "success", true);
        sendEvents({ $typeName: "trips.v1.Arrived", id: "t", note: "n" });
        if (instance?.status === "suspended") send({ kind: "retry" });
        const due = dueOf(instance as unknown as SagaInstance);
        if (due > 0) now = Math.max(now, due);
        send({ kind: "due" });
      }
      const end = instance as unknown as SagaInstance;
      ends[end.status] = (ends[end.status] ?? 0) + 1;
      expect(end.status, JSON.stringify(end.steps)).toMatch(/^(completed|compensated)$/);
      if (end.status === "compensated") expect([...receiver.done.keys()]).toEqual([]);
      else {
        const expected = Object.entries(end.steps).flatMap(([name, { commands, status }]) =>
          status === "done" ? commands.flatMap((one, i) => (one.status === "done" ? [`${name}/${i}`] : [])) : [],
        );
        for (const key of expected) expect(receiver.done.has(key), key).toBe(true);
      }
    }),
    { numRuns: process.env["POTTER_FULL"] === "true" ? 20_000 : 400 },
  );
  expect(Object.keys(ends).sort()).toEqual(["compensated", "completed"]);
}, 600_000);
