// Functions of a behaviour that change what they receive: only what they return has an effect.
import { describe, expect, it } from "vitest";
import type { StepDefinition } from "../declaration/index.js";
import { Booked, child, command, event, sagaOf, type Trip, timer, Visit } from "../saga.fixture.js";
import { type MachineContext, ResolvedSaga, reduce, startSaga } from "./index.js";
import { Drive } from "./trial.fixture.js";

const hotel = command("hotel");
const visit = sagaOf([command("look")], { name: "trips.v1.Visit", codec: Visit as never });
const given = { email: "bob@example.com", stops: ["a", "b"] };

/** As code does that was written for objects of its own. */
function change(data: Trip): void {
  const own = data as unknown as { email: string; log: string[]; stops: string[] };
  own.email = "changed";
  own.log.push("changed");
  own.stops.length = 0;
}

/** Changes its data, then fails. */
const fail = (data: Trip): never => {
  change(data);
  throw new Error("a fault of the behaviour");
};
/** Changes its data, then returns what it should. */
const after =
  (result: unknown) =>
  (data: Trip): never => {
    change(data);
    return result as never;
  };

describe("a function that changes its data", () => {
  const last = command("last", { after: ["hotel"] });
  const inner = child("inner", () => visit.saga);
  const each = command("hotel", { forEach: true });
  it.each<[string, readonly StepDefinition[], string, (drive: Drive) => unknown]>([
    ["response", [hotel], "hotel", (drive) => drive.reply("hotel")],
    ["command", [hotel], "hotel", () => {}],
    ["commands", [each], "hotel", () => {}],
    ["when", [command("hotel", { when: true })], "hotel", () => {}],
    ["event", [event("wait")], "wait", (drive) => drive.event()],
    ["compensation", [hotel, last], "hotel", (drive) => drive.reply("hotel").fail("last", "refused")],
    ["start", [inner], "inner", () => {}],
  ])("and throws leaves it as it was: %s", (what, steps, step, act) => {
    const drive = new Drive([sagaOf(steps, {}, { steps: { [step]: { [what]: fail } } }), visit], given);
    act(drive);
    expect(drive.status).toBe("suspended");
    expect(drive.data).toMatchObject({ ...given, id: "t1" });
    expect(drive.data.log).not.toContain("changed");
  });

  it.each<[string, readonly StepDefinition[], string, unknown]>([
    ["command", [hotel], "hotel", { what: "hotel" }],
    ["commands", [each], "hotel", [{ what: "hotel" }]],
    ["when", [command("hotel", { when: true })], "hotel", true],
    ["start", [inner], "inner", { id: "c" }],
  ])("and only computes something leaves it as it was: %s", (what, steps, step, result) => {
    const drive = new Drive([sagaOf(steps, {}, { steps: { [step]: { [what]: after(result) } } }), visit], given);
    expect(drive.status).toBe("running");
    expect(drive.data).toMatchObject({ ...given, log: [] });
  });

  it("and returns it has the effect that it returns", () => {
    const response = (data: Trip, { text }: Booked) => {
      (data.log as string[]).push(text);
      return data;
    };
    const drive = new Drive([sagaOf([hotel], {}, { steps: { hotel: { response } } })], given).reply("hotel");
    expect(drive.status).toBe("completed");
    expect(drive.data).toMatchObject({ ...given, log: ["hotel"] });
  });

  it.each([
    ["another id", (data: Trip) => Object.assign(data, { id: "t2" })],
    ["what cannot be encoded", (data: Trip) => Object.assign(data, { until: "soon" })],
    ["nothing", (data: Trip) => change(data) as never],
  ])("and returns %s suspends the saga, which keeps its data", (_, response) => {
    const drive = new Drive([sagaOf([hotel], {}, { steps: { hotel: { response } } })], given).reply("hotel");
    const failure = { code: "internal", reason: "response of hotel has thrown" };
    expect(drive.trial.instance).toMatchObject({ status: "suspended", failure });
    expect(drive.data).toMatchObject({ ...given, id: "t1", log: [] });
    // The response arrives again when a person has resumed the saga.
    expect(drive.send({ kind: "resume" }).sent).toEqual(["hotel", "hotel"]);
  });
});

describe("a function that changes the message that it receives", () => {
  const context: MachineContext = { now: 1_000, lease: 2_000, random: () => 0 };

  it("leaves a response as it was, since a repeated transaction needs it again", () => {
    const response = (data: Trip, booked: { text: string }) => {
      booked.text += "!";
      return { ...data, log: [...data.log, booked.text] };
    };
    const saga = new ResolvedSaga(sagaOf([hotel, timer("pause")], {}, { steps: { hotel: { response } } }));
    const data = saga.part.saga.codec.create({ id: "t1" } as never);
    const started = startSaga(saga, { id: "t1", tenant: "", data, origin: { correlationId: "c" } }, context);
    if (started.kind === "ignored") throw new Error("not started");
    const message = {
      kind: "response",
      response: Booked.create({ text: "hotel" }),
      step: "hotel",
      element: 0,
      phase: "do",
      epoch: started.instance.epoch,
    } as const;
    const runs = [1, 2].map(() => reduce(saga, started.instance, message, context));
    expect(runs[1]).toEqual(runs[0]);
    expect(runs[1]).toMatchObject({ instance: { data: { log: ["hotel!"] } } });
    expect(message.response).toMatchObject({ text: "hotel" });
  });

  it("leaves the data of a child saga as it was", () => {
    const completed = (data: Trip, { log }: Visit) => ({ ...data, log: (log as string[]).splice(0) });
    const inner = child("inner", () => visit.saga);
    const drive = new Drive([sagaOf([inner], {}, { steps: { inner: { completed } } }), visit]);
    const ended = Visit.create({ id: "t1-inner", log: ["seen"] });
    drive.send({ kind: "child_ended", step: "inner", status: "completed", data: ended });
    expect(drive.data.log).toEqual(["seen"]);
    expect(ended.log).toEqual(["seen"]);
  });

  it("leaves an event as it was, which is received again after a fault", () => {
    let isFaulty = true;
    const fold = (data: Trip, arrived: { note: string }) => {
      arrived.note += "!";
      if (isFaulty) throw new Error("a fault of the behaviour");
      return { ...data, log: [arrived.note] };
    };
    const drive = new Drive([sagaOf([event("wait")], {}, { steps: { wait: { event: fold } } })]).event();
    expect(drive.status).toBe("suspended");
    isFaulty = false;
    expect(drive.send({ kind: "resume" }).data.log).toEqual(["here!"]);
  });
});
