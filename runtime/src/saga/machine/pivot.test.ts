import { describe, expect, it } from "vitest";
import { command, event, sagaOf, type Trip } from "../saga.fixture.js";
import { Drive } from "./trial.fixture.js";

const { compensation: _, ...charge } = command("charge", { after: ["hotel"], pivot: true });
const steps = [command("hotel"), charge, command("ticket", { after: ["charge"] })];

describe("a pivot", () => {
  it("ends compensation: later steps are repeated for ever, with a bounded delay", () => {
    const drive = new Drive([sagaOf(steps)]).reply("hotel").reply("charge");
    for (let i = 0; i < 50; i++) drive.fail("ticket", i % 2 ? "unknown" : "temporary").after(1_000);
    expect(drive.status).toBe("running");
    expect(drive.sent).toHaveLength(53);
    expect(drive.reply("ticket").status).toBe("completed");
  });

  it("a refusal after it needs a person, who retries or skips", () => {
    const drive = new Drive([sagaOf(steps)]).reply("hotel").reply("charge").fail("ticket", "refused");
    expect(drive.status).toBe("suspended");
    expect(drive.send({ kind: "cancel" }).trial.ignored).toBe("pivoted");
    expect(drive.send({ kind: "retry", step: "ticket" }).status).toBe("running");
    drive.fail("ticket", "refused").send({ kind: "skip", step: "ticket" });
    expect(drive.status).toBe("completed");
    expect(drive.steps["ticket"]).toBe("done");
  });

  it("that is refused is compensated as any step", () => {
    const drive = new Drive([sagaOf(steps)]).reply("hotel").fail("charge", "refused");
    expect(drive.undone("hotel").status).toBe("compensated");
  });

  it("without compensation whose outcome stays unknown needs a person", () => {
    const drive = new Drive([sagaOf(steps)]).reply("hotel");
    for (const _attempt of [1, 2, 3]) drive.fail("charge", "unknown").after(1_000);
    expect(drive.status).toBe("suspended");
    expect(drive.send({ kind: "cancel" }).trial.ignored).toBe("pivoted");
    drive.send({ kind: "resume" });
    expect(drive.reply("charge").steps["ticket"]).toBe("running");
  });

  it("in doubt that is refused later needs a person too, who may cancel the saga", () => {
    const drive = new Drive([sagaOf(steps)]).reply("hotel").fail("charge", "unknown").after(1_000);
    drive.fail("charge", "refused");
    expect(drive.status).toBe("suspended");
    // A parent has not looked whether the pivot was executed.
    expect(drive.send({ kind: "compensate" }).trial.ignored).toBe("pivoted");
    const again = drive.send({ kind: "retry" });
    expect(again.send({ kind: "cancel" }).trial.ignored).toBe("pivoted");
    again.fail("charge", "refused");
    expect(again.send({ kind: "cancel" }).status).toBe("compensating");
    expect(again.undone("hotel").status).toBe("compensated");
    expect(again.steps).toMatchObject({ charge: "failed", ticket: "waiting" });
  });

  it("under way holds the failure of a branch until it is settled", () => {
    const pivot = command("charge", { pivot: true });
    const branch = command("seat", { retry: { maxAttempts: 1, initialDelay: 100, maxDelay: 100 } });
    const won = new Drive([sagaOf([pivot, branch])]).fail("seat", "temporary");
    expect(won.status).toBe("running");
    expect(won.reply("charge").sent.at(-1)).toBe("seat");
    expect(won.reply("seat").status).toBe("completed");
    const refused = new Drive([sagaOf([pivot, branch])]).fail("seat", "refused").reply("charge");
    expect(refused.status).toBe("suspended");
    const lost = new Drive([sagaOf([pivot, branch])]).fail("seat", "refused").fail("charge", "refused");
    expect(lost.status).toBe("compensated");
    const limited = new Drive([sagaOf([pivot, event("wait", { timeout: 1_000 })])]).after(1_500);
    expect(limited.status).toBe("running");
    expect(limited.fail("charge", "refused").after(2_000).status).toBe("compensated");
  });

  it("under way or done wins over the deadline and over a cancellation", () => {
    const drive = new Drive([sagaOf(steps, { deadline: 10_000 })]).reply("hotel").after(20_000);
    expect(drive.status).toBe("running");
    expect(drive.send({ kind: "cancel" }).trial.ignored).toBe("pivoted");
    expect(drive.fail("charge", "temporary").status).toBe("compensating");
    const done = new Drive([sagaOf(steps, { deadline: 10_000 })]).reply("hotel").reply("charge").after(20_000);
    expect(done.status).toBe("running");
  });

  it("suspends a wait whose limit passes after it", () => {
    const wait = event("wait", { after: ["charge"], timeout: 1_000 });
    const drive = new Drive([sagaOf([command("charge", { pivot: true }), wait])]).reply("charge").after(1_000);
    expect(drive.status).toBe("suspended");
    expect(drive.send({ kind: "resume" }).event().status).toBe("completed");
  });
});

describe("people", () => {
  it("cancel a saga, which undoes what it did; a saga that has ended stays", () => {
    const drive = new Drive([sagaOf(steps)]).reply("hotel").fail("charge", "temporary");
    expect(drive.send({ kind: "cancel" }).sent.at(-1)).toBe("undo hotel 0");
    expect(drive.send({ kind: "cancel" }).trial.ignored).toBe("unchanged");
    expect(drive.undone("hotel").send({ kind: "cancel" }).trial.ignored).toBe("ended");
  });

  it("pause a saga: outcomes are recorded, nothing begins, and time does not count until it is resumed", () => {
    const drive = new Drive([sagaOf(steps)]).send({ kind: "pause" });
    expect(drive.send({ kind: "pause" }).trial.ignored).toBe("unchanged");
    drive.reply("hotel").after(1_000_000);
    expect(drive.sent).toEqual(["hotel"]);
    expect(drive.send({ kind: "resume" }).sent).toEqual(["charge"]);
    const failing = new Drive([sagaOf(steps)]).reply("hotel").send({ kind: "pause" }).fail("charge", "refused");
    expect(failing.sent).toEqual(["hotel", "charge"]);
    expect(failing.send({ kind: "resume" }).sent).toEqual(["undo hotel 0"]);
  });

  it("skip a step that waits, and not one that is under way", () => {
    const drive = new Drive([sagaOf([event("wait"), command("a", { after: ["wait"] })])]);
    expect(drive.send({ kind: "skip", step: "wait" }).sent).toEqual(["a"]);
    expect(drive.send({ kind: "skip", step: "a" }).trial.ignored).toBe("not_running");
    expect(drive.send({ kind: "skip", step: "z" }).trial.ignored).toBe("unknown_step");
  });

  it("resume a saga that a function of the behaviour has suspended", () => {
    let broken = true;
    const guard = () => {
      if (broken) throw new Error("secret of somebody");
      return true;
    };
    const drive = new Drive([sagaOf([command("a", { when: true })], {}, { steps: { a: { when: guard } } })]);
    expect(drive.status).toBe("suspended");
    expect(JSON.stringify(drive.trial.instance.history)).not.toContain("secret");
    expect(drive.send({ kind: "resume" }).status).toBe("suspended");
    broken = false;
    expect(drive.send({ kind: "resume" }).sent).toEqual(["a"]);
  });

  it("resume a saga whose response could not be added: the command is sent again", () => {
    let broken = true;
    const response = (data: Trip) => {
      if (broken) throw new Error("no");
      return data;
    };
    const saga = sagaOf([command("a"), command("b", { after: ["a"] })], {}, { steps: { a: { response } } });
    const drive = new Drive([saga]).reply("a");
    expect(drive.status).toBe("suspended");
    broken = false;
    expect(drive.send({ kind: "resume" }).sent).toEqual(["a", "a"]);
    expect(drive.reply("a").sent).toEqual(["b"]);
    broken = true;
    const undone = new Drive([saga]).reply("a").send({ kind: "cancel" });
    expect(undone.sent.at(-1)).toBe("undo a 0");
  });

  it("resume a saga that could not add an event, which is not lost", () => {
    let broken = true;
    const fold = (data: Trip, { note }: { note: string }) => {
      if (broken) throw new Error("no");
      return { ...data, log: [note] };
    };
    const saga = sagaOf([event("wait")], {}, { steps: { wait: { event: fold } } });
    const drive = new Drive([saga]).event("t1", "kept");
    expect(drive.status).toBe("suspended");
    broken = false;
    expect(drive.send({ kind: "resume" }).status).toBe("completed");
    expect(drive.data.log).toEqual(["kept"]);
  });
});

describe("versions", () => {
  const versioned = [
    command("old", { untilVersion: 1 }),
    command("new", { sinceVersion: 2 }),
    command("end", { after: ["old", "new"] }),
  ];

  it("a saga keeps the steps of the version that it started with", () => {
    const saga = sagaOf(versioned, { version: 2 });
    expect(new Drive([saga], {}, 1).reply("old").sent).toEqual(["old", "end"]);
    expect(new Drive([saga]).reply("new").sent).toEqual(["new", "end"]);
  });

  it("a definition that has lost a step suspends the saga", () => {
    const drive = new Drive([sagaOf([command("a"), command("b", { after: ["a"] })])]);
    const other = new Drive([sagaOf([command("a")])]);
    Object.defineProperty(other.trial, "instances", { value: Reflect.get(drive.trial, "instances") });
    other.reply("a");
    expect(other.trial.instance).toMatchObject({
      status: "suspended",
      failure: { code: "failed_precondition", reason: "the definition has lost the step b" },
    });
    expect(other.trial.due).toBe(0);
  });
});
