// Commands whose process has died, has stopped, or has left them to others.
import { describe, expect, it } from "vitest";
import { command, sagaOf } from "../saga.fixture.js";
import { maxLosses } from "./due.js";
import { ResolvedSaga, reduce, type SagaInstance, type SagaMessage, startSaga } from "./index.js";

const twice = { maxAttempts: 2, initialDelay: 0, maxDelay: 0 };

class Run {
  readonly saga = new ResolvedSaga(sagaOf([command("a", { retry: twice }), command("b", { after: ["a"] })]));
  now = 1_000_000;
  sendsNothing = false;
  instance: SagaInstance;
  readonly sent: string[] = [];
  takenOver = 0;

  constructor() {
    const data = this.saga.part.saga.codec.create({ id: "t" } as never);
    const started = startSaga(this.saga, { id: "t", tenant: "", data, origin: { correlationId: "t" } }, this.context);
    if (started.kind === "ignored") throw new Error(started.reason);
    this.instance = started.instance;
  }

  get context() {
    const { now } = this;
    return { now, lease: now + 30_000, random: () => 0, ...(this.sendsNothing && ({ sendsNothing: true } as const)) };
  }

  send(message: SagaMessage): this {
    const after = reduce(this.saga, this.instance, message, this.context);
    if (after.kind === "ignored") throw new Error(after.reason);
    this.instance = after.instance;
    this.takenOver += after.takenOver;
    for (const action of after.actions) this.sent.push(action.kind === "command" ? action.step : action.kind);
    return this;
  }

  /** Processes die, one after the other, while they run the command. */
  die(times: number): this {
    for (let i = 0; i < times; i++) {
      this.now += 30_000;
      this.send({ kind: "due" });
    }
    return this;
  }

  fail(outcome: "temporary" | "refused", retryAfter?: number): this {
    const epoch = this.command?.epoch ?? 0;
    const failure = { code: "aborted" };
    const address = { step: "a", element: 0, phase: "do", epoch } as const;
    return this.send({ kind: "failure", outcome, failure, ...address, ...(retryAfter && { retryAfter }) });
  }

  get command() {
    return this.instance.steps["a"]?.commands[0];
  }
}

describe("a command whose process has died", () => {
  it("is sent again, without using up its attempts", () => {
    const run = new Run().die(20);
    expect(run.command).toMatchObject({ status: "sent", attempts: 1, losses: 20 });
    run.fail("temporary").die(1);
    expect(run.command).toMatchObject({ status: "sent", attempts: 2, losses: 0 });
    expect(run.fail("temporary").instance.status).toBe("compensating");
  });

  it("suspends the saga if its processes die again and again, until a person has acted", () => {
    const run = new Run().die(maxLosses - 1);
    expect(run.instance.status).toBe("running");
    run.die(1);
    expect(run.instance).toMatchObject({
      status: "suspended",
      failure: { code: "unavailable", reason: `${maxLosses} processes have ended while they ran the command` },
    });
    expect(run.sent.at(-1)).toBe("suspended");
    run.send({ kind: "retry", step: "a" });
    expect(run.instance.status).toBe("running");
    expect(run.command).toMatchObject({ status: "sent", attempts: 1 });
    expect(run.die(maxLosses - 1).instance.status).toBe("running");
  });

  it("counts on while its receiver only says that another process has it", () => {
    const run = new Run().die(maxLosses - 1).fail("temporary", 5);
    expect(run.die(1).command).toMatchObject({ status: "sent", losses: maxLosses - 1 });
    expect(run.die(1).instance.status).toBe("suspended");
  });

  it("is undone if cancelled meanwhile: it may have had its effect", () => {
    const run = new Run().send({ kind: "cancel" }).die(1);
    expect(run.instance.steps["a"]?.status).toBe("undoing");
  });
});

describe("a command that its process has left to others", () => {
  it("counts no loss after an orderly stop", () => {
    const run = new Run();
    for (let i = 0; i < 2 * maxLosses; i++) {
      run.send({ kind: "release", epochs: new Set([run.command?.epoch ?? 0]) }).send({ kind: "due" });
    }
    expect(run.command).toMatchObject({ status: "sent", attempts: 1 });
    expect(run.takenOver).toBe(2 * maxLosses);
  });

  it("is sent by another process at once if it was not sent", () => {
    const run = new Run().fail("temporary");
    run.sendsNothing = true;
    run.send({ kind: "retry" });
    expect(run.command).toMatchObject({ status: "sent", attempts: 0, left: "unsent", lease: run.now });
    expect(run.sent).toEqual([]);
    run.sendsNothing = false;
    run.send({ kind: "due" });
    expect(run).toMatchObject({ sent: ["a"], takenOver: 0, command: { status: "sent", attempts: 1 } });
    expect(run.command).not.toHaveProperty("left");
    // It was sent once and refused: nothing is to be undone.
    expect(run.fail("refused").instance.status).toBe("compensated");
  });

  it("had no effect if it was not sent before the saga was cancelled", () => {
    const run = new Run().fail("temporary");
    run.sendsNothing = true;
    run.send({ kind: "retry" }).send({ kind: "cancel" }).send({ kind: "due" });
    expect(run.instance.status).toBe("compensated");
    expect(run.sent).toEqual([]);
  });
});
