// Sagas whose definition has lost a step while they run: they keep what they learn until the step is restored.
import { describe, expect, it } from "vitest";
import type { StepDefinition } from "../declaration/index.js";
import { child, command, event, sagaOf, Visit } from "../saga.fixture.js";
import { Drive } from "./trial.fixture.js";

const hotel = command("hotel");
const wait = event("wait");
const last = command("last", { after: ["hotel", "wait"] });
const whole: readonly StepDefinition[] = [hotel, wait, last];
const visit = sagaOf([command("look")], { name: "trips.v1.Visit", codec: Visit as never });

/** The saga of another one, with other steps: as after a deployment. */
function deploy(before: Drive, steps: readonly StepDefinition[]): Drive {
  const after = new Drive([sagaOf(steps), visit]);
  Object.defineProperty(after.trial, "instances", { value: Reflect.get(before.trial, "instances") });
  // What the start of the other one has sent.
  void after.sent;
  return after;
}

describe("a saga whose definition lost a step", () => {
  it("is suspended with the reason, and keeps a response and an event until the step is restored", () => {
    const lost = deploy(new Drive([sagaOf(whole)]), [hotel, wait]).reply("hotel");
    expect(lost.trial.instance).toMatchObject({
      status: "suspended",
      failure: { code: "failed_precondition", reason: "the definition has lost the step last" },
    });
    lost.event();
    expect(lost.trial.due).toBe(0);
    expect(lost.send({ kind: "resume" }).trial.ignored).toBe("unknown_step");
    const restored = deploy(lost, whole).send({ kind: "resume" });
    expect(restored.sent).toEqual(["last"]);
    expect(restored.reply("last").data.log).toEqual(["hotel", "here", "last"]);
    expect(restored.status).toBe("completed");
  });

  it("sends a command of the lost step again when the step is restored", () => {
    const lost = deploy(new Drive([sagaOf(whole)]), [wait]).event();
    expect(lost.status).toBe("suspended");
    expect(lost.trial.due).toBe(0);
    const restored = deploy(lost, whole).send({ kind: "resume" });
    expect(restored.sent).toEqual(["hotel"]);
    restored.reply("hotel").reply("last");
    expect(restored.status).toBe("completed");
    // Whether the first attempt had its effect was unknown, so that it is undone with the saga.
    const refused = deploy(lost, whole).send({ kind: "resume" }).fail("hotel", "refused");
    expect(refused.sent).toEqual(["hotel", "undo hotel 0"]);
  });

  it.each([{ kind: "retry", step: "hotel" } as const, { kind: "skip", step: "last" } as const])(
    "sends it again too if a person names another step: %j",
    (demand) => {
      const both = [hotel, command("flight"), command("last", { after: ["hotel", "flight"] })];
      const lost = deploy(new Drive([sagaOf(both)]), [hotel, command("last", { after: ["hotel"] })]).reply("hotel");
      expect(lost.status).toBe("suspended");
      const restored = deploy(lost, both).send(demand);
      expect(restored.after(1).sent).toEqual(["flight"]);
    },
  );

  it("knows that a compensation was sent before", () => {
    const both = [hotel, command("flight", { after: ["hotel"] })];
    const undoing = new Drive([sagaOf(both)]).reply("hotel").fail("flight", "refused");
    const lost = deploy(undoing, [command("flight")]).send({ kind: "due" });
    const restored = deploy(lost, both).send({ kind: "retry" });
    expect(restored.sent).toEqual(["undo hotel 0"]);
    expect(restored.trial.instance.steps["hotel"]?.commands[0]).toMatchObject({
      status: "undoing",
      attempts: 1,
      failure: { reason: "the definition has lost the step while the command was under way" },
    });
    expect(restored.undone("hotel").status).toBe("compensated");
  });

  it("keeps the failure of a command and the end of a child saga", () => {
    const steps = [child("inner", () => visit.saga), last];
    const part = [sagaOf([hotel, ...steps]), visit];
    const lost = deploy(new Drive(part), [hotel, child("inner", () => visit.saga)]).fail("hotel", "refused");
    expect(lost.status).toBe("suspended");
    lost.send({ kind: "child_ended", step: "inner", status: "completed", data: Visit.create({ log: ["seen"] }) });
    const restored = deploy(lost, [hotel, ...steps]);
    expect(restored.data.log).toEqual(["seen"]);
    expect(restored.send({ kind: "cancel" }).status).toBe("compensating");
  });
});
