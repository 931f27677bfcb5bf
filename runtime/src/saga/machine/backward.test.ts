import { describe, expect, it } from "vitest";
import { child, command, event, sagaOf, type Trip, timer, Visit } from "../saga.fixture.js";
import { ResolvedSaga, reduce } from "./index.js";
import { Drive, leaseEnd } from "./trial.fixture.js";

const three = [command("hotel"), command("flight", { after: ["hotel"] }), command("pay", { after: ["flight"] })];
const once = { maxAttempts: 1, initialDelay: 100, maxDelay: 100 };

describe("a saga that is compensated", () => {
  it("undoes what was done, the last first, and not the step that was refused", () => {
    const drive = new Drive([sagaOf(three)]).reply("hotel").reply("flight");
    expect(drive.sent).toEqual(["hotel", "flight", "pay"]);
    expect(drive.fail("pay", "refused", { code: "failed_precondition" }).sent).toEqual(["undo flight 0"]);
    expect(drive.status).toBe("compensating");
    expect(drive.undone("flight").sent).toEqual(["undo hotel 0"]);
    expect(drive.undone("hotel").status).toBe("compensated");
    expect(drive.steps).toEqual({ hotel: "undone", flight: "undone", pay: "failed" });
    expect(drive.trial.instance.failure).toEqual({ code: "failed_precondition" });
  });

  it("keeps the requests of commands that may be sent again, and no others", () => {
    const kept = (drive: Drive) => [...drive.trial.instance.frozen.keys()];
    const drive = new Drive([sagaOf([command("a"), command("b", { retry: once }), command("c")])]);
    expect(kept(drive)).toEqual(["a/0/do", "b/0/do", "c/0/do"]);
    expect(kept(drive.fail("a", "temporary").reply("c"))).toEqual(["a/0/do", "b/0/do"]);
    // Refused for good, given up, done: only compensations are sent.
    expect(kept(drive.fail("b", "unknown"))).toEqual(["b/0/undo", "c/0/undo"]);
    expect(kept(drive.fail("b", "temporary", { phase: "undo" }))).toEqual(["b/0/undo", "c/0/undo"]);
    expect(kept(drive.undone("c"))).toEqual(["b/0/undo"]);
  });

  it("does not repeat a refusal, and repeats what fails for now", () => {
    expect(new Drive([sagaOf(three)]).fail("hotel", "refused").status).toBe("compensated");
    const drive = new Drive([sagaOf(three)]).fail("hotel", "temporary").after(2_000);
    expect(drive.sent).toEqual(["hotel", "hotel"]);
  });

  it("undoes a step whose outcome is unknown, also if a later attempt was refused", () => {
    const lost = new Drive([sagaOf([command("a", { retry: once })])]).fail("a", "unknown");
    expect(lost.sent).toEqual(["a", "undo a 0"]);
    const refused = new Drive([sagaOf([command("a")])]).fail("a", "unknown").after(1_000).fail("a", "refused");
    expect(refused.sent).toEqual(["a", "a", "undo a 0"]);
    expect(refused.undone("a").status).toBe("compensated");
  });

  it("does not undo a local step that failed: its row would show an effect", () => {
    const saga = new ResolvedSaga(sagaOf([command("a", { retry: once })]), () => true);
    const { instance } = new Drive([saga.part]).trial;
    const context = { now: 1_000_100, lease: 1_030_000, random: () => 0 };
    const failure = { kind: "failure", step: "a", element: 0, phase: "do", epoch: 1 } as const;
    const lost = reduce(saga, instance, { ...failure, outcome: "unknown", failure: { code: "unavailable" } }, context);
    expect(lost).toMatchObject({ instance: { status: "compensated" }, actions: [] });
    const crashed = reduce(saga, instance, { kind: "due" }, { ...context, now: leaseEnd });
    expect(crashed).toMatchObject({ instance: { status: "running" }, actions: [{ step: "a", epoch: 2 }] });
  });

  it("undoes a command whose process crashed when it may not be sent again", () => {
    const saga = new ResolvedSaga(sagaOf([command("a", { retry: once })]));
    const { instance } = new Drive([saga.part]).trial;
    const crashed = reduce(saga, instance, { kind: "due" }, { now: leaseEnd, lease: leaseEnd, random: () => 0 });
    expect(crashed).toMatchObject({
      instance: { status: "compensating", steps: { a: { status: "undoing" } } },
      actions: [{ step: "a", phase: "undo", epoch: 2 }],
    });
  });

  it("waits for a branch that is under way, then undoes it too", () => {
    const steps = [command("a"), command("b"), command("c", { after: ["a"] })];
    const drive = new Drive([sagaOf(steps)]).fail("b", "refused");
    expect(drive.sent).toEqual(["a", "b"]);
    expect(drive.status).toBe("compensating");
    expect(drive.reply("a").sent).toEqual(["undo a 0"]);
    expect(drive.undone("a").status).toBe("compensated");
  });

  it("sends no further attempt of a branch, and undoes it if an attempt may have had its effect", () => {
    const sure = new Drive([sagaOf([command("a"), command("b")])]).fail("a", "temporary").fail("b", "refused");
    expect(sure.status).toBe("compensated");
    const unsure = new Drive([sagaOf([command("a"), command("b")])]).fail("a", "unknown").fail("b", "refused");
    expect(unsure.sent).toEqual(["a", "b", "undo a 0"]);
    const late = new Drive([sagaOf([command("a"), command("b")])]).fail("b", "refused").fail("a", "unknown");
    expect(late.sent).toEqual(["a", "b", "undo a 0"]);
  });

  it("undoes branches in parallel, and a step only after all that came later", () => {
    const steps = [
      command("a"),
      command("b", { after: ["a"] }),
      command("c", { after: ["a"] }),
      command("d", { after: ["b", "c"] }),
    ];
    const drive = new Drive([sagaOf(steps)]).reply("a").reply("b").reply("c").fail("d", "refused");
    expect(drive.sent.slice(4)).toEqual(["undo b 0", "undo c 0"]);
    expect(drive.undone("c").sent).toEqual([]);
    expect(drive.undone("b").sent).toEqual(["undo a 0"]);
  });

  it("undoes a step after those that came later by way of a step that has nothing to undo", () => {
    const steps = [command("a"), timer("rest", { after: ["a"] }), command("b", { after: ["rest"] }), command("c")];
    const drive = new Drive([sagaOf(steps)]).reply("a").after(60_000).reply("b");
    expect(drive.sent).toEqual(["a", "c", "b"]);
    expect(drive.fail("c", "refused").sent).toEqual(["undo b 0"]);
    expect(drive.undone("b").sent).toEqual(["undo a 0"]);
    expect(drive.undone("a").status).toBe("compensated");
  });

  it("undoes the elements that were done, with their index", () => {
    const drive = new Drive([sagaOf([command("visit", { forEach: true })])], { stops: ["x", "y", "z"] });
    drive.reply("visit", { element: 2 }).fail("visit", "refused", { element: 1 });
    expect(drive.sent.slice(3)).toEqual([]);
    expect(drive.reply("visit", { element: 0 }).sent).toEqual(["undo visit 0", "undo visit 2"]);
    drive.undone("visit", 0);
    expect(drive.status).toBe("compensating");
    expect(drive.undone("visit", 2).status).toBe("compensated");
  });

  it("passes over steps without a compensation", () => {
    const { compensation: _, ...read } = command("b", { after: ["a"] });
    const drive = new Drive([sagaOf([command("a"), read, command("c", { after: ["b"] })])]);
    expect(drive.reply("a").reply("b").fail("c", "refused").sent.at(-1)).toBe("undo a 0");
    expect(drive.undone("a").steps).toEqual({ a: "undone", b: "done", c: "failed" });
  });

  it("ends waits for events and timers", () => {
    const drive = new Drive([sagaOf([event("wait"), timer("pause"), command("a")])]).fail("a", "refused");
    expect(drive.status).toBe("compensated");
    expect(drive.steps).toEqual({ wait: "failed", pause: "failed", a: "failed" });
    expect(drive.event().trial.ignored).toBe("ended");
  });

  it("repeats a failing compensation, then is suspended until a person retries or skips it", () => {
    const drive = new Drive([sagaOf(three)]).reply("hotel").fail("flight", "refused");
    for (const _ of [1, 2]) drive.fail("hotel", "unknown", { phase: "undo" }).after(1_000);
    expect(drive.sent.slice(2)).toEqual(["undo hotel 0", "undo hotel 0", "undo hotel 0"]);
    drive.fail("hotel", "temporary", { phase: "undo" });
    expect(drive.status).toBe("suspended");
    expect(drive.after(1_000_000).sent).toEqual([]);
    const skipped = new Drive([sagaOf(three)]).reply("hotel").fail("flight", "refused");
    skipped.fail("hotel", "refused", { phase: "undo" });
    expect(skipped.status).toBe("suspended");
    expect(skipped.send({ kind: "skip", step: "hotel" }).status).toBe("compensated");
    expect(drive.send({ kind: "retry" }).sent).toEqual(["undo hotel 0"]);
    expect(drive.undone("hotel").status).toBe("compensated");
  });

  it("sends the same bytes to undo again", () => {
    const undo = { compensation: ({ log }: Trip) => ({ what: `undo after ${log.length}` }) };
    const saga = sagaOf([command("a"), command("b"), command("c")], {}, { steps: { a: undo } });
    const drive = new Drive([saga]).reply("a").fail("b", "refused").fail("a", "temporary", { phase: "undo" });
    drive.reply("c").after(1_000);
    expect(drive.sent.slice(3)).toEqual(["undo after 1", "undo c 0", "undo after 1"]);
  });
});

describe("limits", () => {
  const steps = (onTimeout: "compensate" | "retry" | "continue") => [
    command("a"),
    command("b", { after: ["a"], timeout: 10_000, onTimeout }),
    command("c", { after: ["b"] }),
  ];

  it("compensate by default, the step in doubt too", () => {
    const drive = new Drive([sagaOf(steps("compensate"))]).reply("a").after(9_999);
    expect(drive.status).toBe("running");
    expect(drive.after(1).sent.slice(2)).toEqual(["undo b 0"]);
    const late = { kind: "response", step: "b", element: 0, phase: "do", epoch: 2, response: {} } as const;
    expect(drive.send(late).trial.ignored).toBe("fenced");
    expect(drive.undone("b").undone("a").status).toBe("compensated");
  });

  it("do not undo a command that only waits for its first success", () => {
    const slow = command("a", { timeout: 500, retry: { maxAttempts: 9, initialDelay: 1_000, maxDelay: 1_000 } });
    const drive = new Drive([sagaOf([slow])]).fail("a", "temporary").after(600);
    expect(drive.status).toBe("compensated");
    expect(drive.sent).toEqual(["a"]);
  });

  it("start again with `retry`, and continue with `continue`", () => {
    const retried = new Drive([sagaOf(steps("retry"))]).reply("a").after(10_000);
    expect(retried.status).toBe("running");
    expect(retried.trial.due - retried.trial.now).toBeLessThanOrEqual(10_000);
    expect(retried.reply("b").sent.at(-1)).toBe("c");
    const passed = new Drive([sagaOf(steps("continue"))]).reply("a").after(10_000);
    expect(passed.steps).toEqual({ a: "done", b: "timed_out", c: "running" });
    expect(passed.fail("c", "refused").sent.slice(-1)).toEqual(["undo b 0"]);
  });

  it("of waits: the event comes too late", () => {
    const wait = event("wait", { timeout: 1_000 });
    expect(new Drive([sagaOf([wait])]).after(1_000).status).toBe("compensated");
    const go = new Drive([sagaOf([event("wait", { timeout: 1_000, onTimeout: "continue" })])]).after(1_000);
    expect(go.status).toBe("completed");
  });

  it("of the whole saga: it is compensated at its deadline", () => {
    const drive = new Drive([sagaOf([command("a"), event("wait", { after: ["a"] })], { deadline: 60_000 })]).reply("a");
    expect(drive.after(59_999).status).toBe("running");
    expect(drive.after(1).sent.at(-1)).toBe("undo a 0");
    expect(drive.trial.instance.failure?.code).toBe("deadline_exceeded");
    expect(drive.undone("a").status).toBe("compensated");
  });
});

describe("child sagas", () => {
  const visit = (steps = [command("look", { command: command("look").command })]) =>
    sagaOf(steps, { name: "trips.v1.Visit", codec: Visit as never });
  const parent = (own = {}) => {
    const inner = visit();
    return [sagaOf([child("visit", () => inner.saga, own), command("end", { after: ["visit"] })]), inner];
  };
  const of = { type: "trips.v1.Visit", id: "t1-visit" };
  const response = {
    kind: "response",
    step: "look",
    element: 0,
    phase: "do",
    epoch: 1,
    response: { text: "seen" },
  } as const;

  it("go on when the child has completed, with its data", () => {
    const drive = new Drive(parent());
    expect(drive.sent).toEqual(["look"]);
    drive.trial = drive.trial.send(response, of);
    expect(drive.trial.childOf("visit")?.status).toBe("completed");
    expect(drive.steps).toEqual({ visit: "done", end: "running" });
    expect(drive.data.log).toEqual(["seen"]);
  });

  it("are compensated with their parent, also after they have completed", () => {
    const drive = new Drive(parent());
    drive.trial = drive.trial.send(response, of);
    drive.fail("end", "refused");
    expect(drive.trial.childOf("visit")?.status).toBe("compensating");
    expect(drive.status).toBe("compensating");
    drive.trial = drive.trial.send({ ...response, phase: "undo", epoch: 2 }, of);
    expect(drive.trial.childOf("visit")?.status).toBe("compensated");
    expect(drive.status).toBe("compensated");
  });

  it("fail their parent when they are compensated, and are compensated at a limit of the parent", () => {
    const failed = new Drive(parent());
    const failure = { outcome: "refused", failure: { code: "not_found" } } as const;
    failed.trial = failed.trial.send({ ...response, kind: "failure", ...failure }, of);
    expect([failed.trial.childOf("visit")?.status, failed.status]).toEqual(["compensated", "compensated"]);
    const slow = new Drive(parent({ timeout: 5_000 })).after(5_000);
    expect(slow.trial.childOf("visit")?.status).toBe("compensating");
    slow.trial = slow.trial.send({ ...response, kind: "failure", ...failure }, of);
    expect([slow.trial.childOf("visit")?.status, slow.status]).toEqual(["compensated", "compensated"]);
  });

  it("that cannot be undone suspend their parent", () => {
    const inner = visit([command("look", { pivot: true })]);
    const drive = new Drive([sagaOf([child("visit", () => inner.saga), command("end", { after: ["visit"] })]), inner]);
    drive.trial = drive.trial.send(response, of);
    expect(drive.fail("end", "refused").status).toBe("suspended");
    expect(drive.send({ kind: "skip", step: "visit" }).status).toBe("compensated");
  });
});
