// A person names one step of a suspended saga: what waits for a decision in other steps stays as it is.
import { describe, expect, it } from "vitest";
import { Booked, child, command, sagaOf, type Trip, Visit } from "../saga.fixture.js";
import { dueOf, type MachineContext, ResolvedSaga, reduce, type SagaInstance, type SagaMessage } from "./index.js";
import { Drive } from "./trial.fixture.js";

const statusOf = ({ trial }: Drive, step: string) => trial.instance.steps[step]?.commands[0]?.status;

describe("retry and skip of one step", () => {
  const pivot = command("charge", { pivot: true });
  const ticket = command("ticket", { after: ["charge"] });
  const mail = command("mail", { after: ["charge"] });
  const blocked = () =>
    new Drive([sagaOf([pivot, ticket, mail])]).reply("charge").fail("ticket", "refused").fail("mail", "refused");

  it("leave the failure of another one to the person, for whom the saga stays suspended", () => {
    const drive = blocked();
    expect(drive.sent).toEqual(["charge", "ticket", "mail"]);
    expect(drive.send({ kind: "retry", step: "ticket" }).sent).toEqual(["ticket"]);
    expect([drive.status, statusOf(drive, "mail")]).toEqual(["suspended", "blocked"]);
    expect(drive.reply("ticket").steps["ticket"]).toBe("done");
    expect([drive.status, statusOf(drive, "mail")]).toEqual(["suspended", "blocked"]);
    expect(drive.send({ kind: "retry", step: "mail" }).sent).toEqual(["mail"]);
    expect(drive.status).toBe("running");
    expect(drive.reply("mail").status).toBe("completed");

    const skipped = blocked().send({ kind: "skip", step: "ticket" });
    expect([skipped.status, skipped.steps["ticket"], statusOf(skipped, "mail")]).toEqual([
      ...["suspended", "done", "blocked"],
    ]);
    expect(skipped.send({ kind: "skip", step: "mail" }).status).toBe("completed");
    expect(blocked().send({ kind: "resume" }).sent).toEqual(["charge", "ticket", "mail", "ticket", "mail"]);
  });

  it("compensate no saga because of a failure that the person did not name", () => {
    let isFaulty = true;
    const response = (data: Trip, { text }: Booked) => {
      if (isFaulty) throw new Error("a fault of the behaviour");
      return { ...data, log: [...data.log, text] };
    };
    const part = sagaOf([command("hotel"), command("flight")], {}, { steps: { hotel: { response } } });
    const drive = new Drive([part]).reply("hotel").fail("flight", "refused");
    expect(drive.sent).toEqual(["hotel", "flight"]);
    isFaulty = false;
    expect(drive.send({ kind: "retry", step: "hotel" }).sent).toEqual(["hotel"]);
    drive.reply("hotel");
    expect([drive.status, drive.steps, statusOf(drive, "flight")]).toEqual([
      ...["suspended", { hotel: "done", flight: "running" }, "blocked"],
    ]);
    expect(drive.send({ kind: "cancel" }).sent).toEqual(["undo hotel 0"]);
    expect(drive.undone("hotel").status).toBe("compensated");
  });

  it("leave the failed compensation of another one to the person", () => {
    const last = command("last", { after: ["hotel", "flight"] });
    const drive = new Drive([sagaOf([command("hotel"), command("flight"), last])]);
    drive.reply("hotel").reply("flight").fail("last", "refused");
    for (const step of ["hotel", "flight"]) drive.fail(step, "refused", { phase: "undo" });
    void drive.sent;
    expect(drive.send({ kind: "retry", step: "hotel" }).sent).toEqual(["undo hotel 0"]);
    expect(drive.undone("hotel").status).toBe("suspended");
    expect(statusOf(drive, "flight")).toBe("undo_blocked");
    expect(drive.send({ kind: "retry", step: "flight" }).sent).toEqual(["undo flight 0"]);
    expect(drive.status).toBe("compensating");
    expect(drive.undone("flight").status).toBe("compensated");
  });

  it("repeat what fails for now, although the saga stays suspended", () => {
    const drive = blocked().send({ kind: "retry", step: "ticket" }).fail("ticket", "temporary");
    void drive.sent;
    expect(drive.after(1_000).sent).toEqual(["ticket"]);
    expect([drive.reply("ticket").status, drive.trial.due]).toEqual(["suspended", 0]);
    // The step that was named last is not retried for ever.
    const refused = blocked().send({ kind: "retry", step: "ticket" }).fail("ticket", "refused");
    void refused.sent;
    expect(refused.after(1_000_000).sent).toEqual([]);
    expect(refused.send({ kind: "pause" }).send({ kind: "resume" }).sent).toEqual(["ticket", "mail"]);
  });

  it("have no effect if the step needs nothing", () => {
    expect(blocked().send({ kind: "retry", step: "charge" }).trial.ignored).toBe("unchanged");
  });

  it("do not call the function of another step that has suspended the saga", () => {
    let isFaulty = true;
    const when = () => {
      if (isFaulty) throw new Error("a fault of the behaviour");
      return true;
    };
    const part = sagaOf([command("hotel"), command("flight", { when: true })], {}, { steps: { flight: { when } } });
    const drive = new Drive([part]).fail("hotel", "temporary");
    expect([drive.status, drive.sent]).toEqual(["suspended", ["hotel"]]);
    isFaulty = false;
    expect(drive.send({ kind: "retry", step: "hotel" }).sent).toEqual(["hotel"]);
    expect(drive.reply("hotel").status).toBe("suspended");
    expect(drive.send({ kind: "retry", step: "flight" }).sent).toEqual(["flight"]);
    expect(drive.reply("flight").status).toBe("completed");
  });

  it("by a process that sends nothing leave the command to others, who send it", () => {
    const saga = new ResolvedSaga(sagaOf([pivot, ticket, mail]));
    const context: MachineContext = { now: 5_000_000, lease: 6_000_000, random: () => 0 };
    const step = (before: SagaInstance, message: SagaMessage, given: MachineContext) => {
      const transition = reduce(saga, before, message, given);
      if (transition.kind === "ignored") throw new Error(transition.reason);
      return transition;
    };
    const message = { kind: "retry", step: "ticket" } as const;
    const tool = step(blocked().trial.instance, message, { ...context, sendsNothing: true });
    expect([tool.actions, dueOf(tool.instance)]).toEqual([[], context.now]);
    const worker = step(tool.instance, { kind: "due" }, { ...context, now: context.now + 1 });
    expect(worker.actions).toMatchObject([{ kind: "command", step: "ticket", attempt: 1 }]);
    expect(worker.instance.status).toBe("suspended");
    // The limit of a step is not looked at meanwhile.
    expect(worker.actions[0]).not.toHaveProperty("timeoutAt");
  });
});

it("retry of a child saga that could not be compensated asks it again", () => {
  const inner = sagaOf([command("look", { pivot: true })], { name: "trips.v1.Visit", codec: Visit as never });
  const steps = [child("inner", () => inner.saga), command("last", { after: ["inner"] })];
  const drive = new Drive([sagaOf(steps), inner]);
  const look = drive.trial.childOf("inner")?.steps["look"]?.commands[0]?.epoch ?? 0;
  const address = { step: "look", element: 0, phase: "do", epoch: look } as const;
  const response = Booked.create({ text: "seen" });
  drive.trial = drive.trial.send({ kind: "response", response, ...address }, { type: inner.saga.name, id: "t1-inner" });
  drive.fail("last", "refused");
  expect([drive.status, statusOf(drive, "inner")]).toEqual(["suspended", "undo_blocked"]);
  const saga = drive.trial.saga;
  const again = reduce(
    saga,
    drive.trial.instance,
    { kind: "retry", step: "inner" },
    { now: 2, lease: 3, random: () => 0 },
  );
  expect(again).toMatchObject({
    instance: { status: "compensating", steps: { inner: { status: "undoing" } } },
    related: [{ kind: "compensate_child", step: "inner", id: "t1-inner" }],
  });
});
