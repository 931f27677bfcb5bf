import { describe, expect, it } from "vitest";
import { Book, command, event, sagaOf, type Trip, timer } from "../saga.fixture.js";
import { dueOf, ResolvedSaga, reduce } from "./index.js";
import { Drive, leaseEnd } from "./trial.fixture.js";

const three = [command("hotel"), command("flight", { after: ["hotel"] }), command("pay", { after: ["flight"] })];

describe("a saga that runs forward", () => {
  it("sends one command after the other, adds responses to its data, and completes", () => {
    const drive = new Drive([sagaOf(three)]);
    expect(drive.sent).toEqual(["hotel"]);
    expect(drive.reply("hotel").sent).toEqual(["flight"]);
    expect(drive.reply("flight").sent).toEqual(["pay"]);
    expect(drive.reply("pay").sent).toEqual([]);
    expect(drive.status).toBe("completed");
    expect(drive.data.log).toEqual(["hotel", "flight", "pay"]);
    expect(dueOf(drive.trial.instance)).toBe(0);
    expect(drive.trial.instance.frozen.size).toBe(0);
  });

  it("runs steps in parallel as soon as those before them are done", () => {
    const steps = [command("a"), command("b"), command("c", { after: ["a"] }), command("d", { after: ["b", "c"] })];
    const drive = new Drive([sagaOf(steps)]);
    expect(drive.sent).toEqual(["a", "b"]);
    expect(drive.reply("b").sent).toEqual([]);
    expect(drive.reply("a").sent).toEqual(["c"]);
    expect(drive.reply("c").sent).toEqual(["d"]);
    expect(drive.reply("d").status).toBe("completed");
  });

  it("skips a step whose guard says no", () => {
    const steps = [command("a", { when: true }), command("b", { after: ["a"] })];
    const saga = sagaOf(steps, {}, { steps: { a: { when: ({ fast }: Trip) => !fast } } });
    const drive = new Drive([saga], { fast: true });
    expect(drive.sent).toEqual(["b"]);
    expect(drive.steps).toEqual({ a: "skipped", b: "running" });
    expect(new Drive([saga], { fast: false }).sent).toEqual(["a"]);
  });

  it("sends one command for each element, and continues with the last response", () => {
    const steps = [command("visit", { forEach: true }), command("end", { after: ["visit"] })];
    const drive = new Drive([sagaOf(steps)], { stops: ["x", "y", "z"] });
    expect(drive.sent).toEqual(["visit x", "visit y", "visit z"]);
    drive.reply("visit", { element: 2, text: "z" }).reply("visit", { element: 0, text: "x" });
    expect(drive.sent).toEqual([]);
    expect(drive.reply("visit", { element: 1, text: "y" }).sent).toEqual(["end"]);
    expect(drive.data.log).toEqual(["z", "x", "y"]);
    expect(new Drive([sagaOf(steps)], { stops: [] }).sent).toEqual(["end"]);
  });

  it("is suspended by a step of too many elements", () => {
    const drive = new Drive([sagaOf([command("visit", { forEach: true })])], { stops: Array(1001).fill("x") });
    expect(drive.status).toBe("suspended");
    expect(drive.sent).toEqual([]);
  });

  it("sends the same bytes again although the data has changed", () => {
    const steps = [command("a"), command("b")];
    const behaviour = { steps: { a: { command: ({ id, log }: Trip) => ({ id, what: `a after ${log.length}` }) } } };
    const drive = new Drive([sagaOf(steps, {}, behaviour)]);
    drive.fail("a", "temporary").reply("b").after(100);
    expect(drive.sent).toEqual(["a after 0", "b", "a after 0"]);
  });

  it("repeats what failed for now, later each time and up to a bound, and counts attempts", () => {
    const retry = { maxAttempts: 5, initialDelay: 100, maxDelay: 250 };
    const drive = new Drive([sagaOf([command("a", { retry })])]);
    const delays = [1, 2, 3, 4].map(() => {
      drive.fail("a", "temporary");
      const { due, now } = drive.trial;
      drive.after(due - now);
      return due - now;
    });
    expect(delays).toEqual([100, 200, 250, 250]);
    expect(drive.sent).toHaveLength(5);
    expect(drive.fail("a", "temporary").status).toBe("compensated");
  });

  it("waits at least as long as the receiver asks for", () => {
    const drive = new Drive([sagaOf([command("a")])]);
    const address = { step: "a", element: 0, phase: "do", epoch: 1 } as const;
    drive.send({
      kind: "failure",
      outcome: "temporary",
      failure: { code: "unavailable" },
      retryAfter: 5_000,
      ...address,
    });
    expect(drive.trial.due - drive.trial.now).toBe(5_000);
  });

  it("counts no attempt while another process carries the command out", () => {
    const retry = { maxAttempts: 2, initialDelay: 100, maxDelay: 250 };
    const drive = new Drive([sagaOf([command("a", { retry })])]);
    for (let epoch = 1; epoch <= 10; epoch++) {
      const failure = { code: "aborted" } as const;
      const address = { step: "a", element: 0, phase: "do", epoch } as const;
      drive.send({ kind: "failure", outcome: "temporary", failure, retryAfter: 1_000, ...address }).after(1_000);
    }
    expect(drive.sent).toHaveLength(11);
    expect(drive.reply("a").status).toBe("completed");
    const refused = new Drive([sagaOf([command("a", { retry })])]);
    for (let n = 0; n < 2; n++) refused.fail("a", "temporary", { code: "aborted" }).after(250);
    expect(refused.status).toBe("compensated");
  });

  it("waits for its timers, never less", () => {
    const steps = [
      timer("pause", { delay: 1_000 }),
      timer("date", { after: ["pause"], until: (({ until }: Trip) => Number(until)) as never }),
    ];
    const drive = new Drive([sagaOf(steps)], { until: 1_090_000n });
    expect(drive.after(999).steps["pause"]).toBe("running");
    expect(drive.after(1).steps).toEqual({ pause: "done", date: "running" });
    expect(drive.trial.due).toBe(1_090_000);
    expect(drive.after(88_999).status).toBe("running");
    expect(drive.after(1).status).toBe("completed");
  });

  it("passes a timer without a time, or of a time that is over, at once", () => {
    const none = timer("date", { until: (() => undefined) as never });
    expect(new Drive([sagaOf([none])]).status).toBe("completed");
    const over = timer("date", { until: (() => 5) as never });
    expect(new Drive([sagaOf([over])]).status).toBe("completed");
  });

  it("continues with the event that a step waits for, and ignores a second one", () => {
    const drive = new Drive([sagaOf([event("wait"), command("a", { after: ["wait"] })])]);
    expect(drive.event().sent).toEqual(["a"]);
    expect(drive.data.log).toEqual(["here"]);
    expect(drive.event().trial.ignored).toBe("not_expected");
  });

  it("keeps an event that comes before its step, unless the step ignores it", () => {
    const early = new Drive([sagaOf([command("a"), event("wait", { after: ["a"] })])]);
    early.event("t1", "first").event("t1", "second");
    expect(early.trial.ignored).toBe("not_expected");
    expect(early.reply("a").status).toBe("completed");
    expect(early.data.log).toEqual(["a", "first"]);
    const late = new Drive([sagaOf([command("a"), event("wait", { after: ["a"], ignoreEarly: true })])]);
    expect(late.event().trial.ignored).toBe("not_expected");
    expect(late.reply("a").status).toBe("running");
    expect(late.event().status).toBe("completed");
  });
});

describe("outcomes that are not expected", () => {
  it("change nothing: of a finished saga, of another epoch, a second one", () => {
    const drive = new Drive([sagaOf([command("a"), command("b", { after: ["a"] })])]);
    const response = { kind: "response", step: "a", element: 0, phase: "do", response: { text: "x" } } as const;
    expect(drive.send({ ...response, epoch: 7 }).trial.ignored).toBe("fenced");
    const before = drive.reply("a").trial.instance;
    expect(drive.send({ ...response, epoch: 1 }).trial.ignored).toBe("not_running");
    expect(drive.send({ ...response, step: "z", epoch: 1 }).trial.ignored).toBe("unknown_step");
    expect(drive.trial.instance).toBe(before);
    drive.reply("b");
    expect(drive.send({ ...response, epoch: 1 }).trial.ignored).toBe("ended");
    expect(drive.send({ kind: "due" }).trial.ignored).toBe("ended");
  });

  it("are fenced once another process has taken over", () => {
    const saga = new ResolvedSaga(sagaOf([command("a")]));
    const { instance } = new Drive([saga.part]).trial;
    const context = { now: leaseEnd, lease: leaseEnd, random: () => 0 };
    const taken = reduce(saga, instance, { kind: "due" }, context);
    if (taken.kind === "ignored") return expect.fail(taken.reason);
    expect(taken.actions).toMatchObject([{ kind: "command", step: "a", epoch: 2, attempt: 1 }]);
    expect(Book.decode((taken.actions[0] as { request: Uint8Array }).request).what).toBe("a");
    const late = { kind: "response", step: "a", element: 0, phase: "do", epoch: 1, response: {} } as const;
    expect(reduce(saga, taken.instance, late, context)).toEqual({ kind: "ignored", reason: "fenced" });
    expect(reduce(saga, taken.instance, { ...late, epoch: 2 }, context)).toMatchObject({
      instance: { status: "completed" },
    });
  });

  it("leases are extended by those who hold them, and released at once", () => {
    const saga = new ResolvedSaga(sagaOf([command("a")]));
    const { instance } = new Drive([saga.part]).trial;
    const context = { now: 1_010_000, lease: 1_040_000, random: () => 0 };
    const renewed = reduce(saga, instance, { kind: "renew", epochs: new Set([1]) }, context);
    expect(dueOf((renewed as { instance: typeof instance }).instance)).toBe(1_040_000);
    expect(reduce(saga, instance, { kind: "renew", epochs: new Set([2]) }, context)).toMatchObject({
      reason: "fenced",
    });
    const released = reduce(saga, instance, { kind: "release", epochs: new Set([1]) }, context);
    expect(dueOf((released as { instance: typeof instance }).instance)).toBe(1_010_000);
  });
});
