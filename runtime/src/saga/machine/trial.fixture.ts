import { expect } from "vitest";
import { resolveAll, SagaTrial } from "../../testing/sagas/saga-trial.js";
import type { SagaPart } from "../declaration/index.js";
import { Book, Booked, type Trip } from "../saga.fixture.js";
import type { FailureKind, Phase, SagaMessage } from "./index.js";

const start = 1_000_000;

/** When the process of a trial loses its commands. */
export const leaseEnd: number = Number.MAX_SAFE_INTEGER;

/** Drives a saga through a test. */
export class Drive {
  trial: SagaTrial;
  /** What was sent since the last look, as `hotel` or `undo hotel`. */
  private log: string[] = [];

  constructor(parts: readonly SagaPart[], data: Partial<Trip> = {}, version?: number) {
    const sagas = resolveAll(parts);
    const [first] = parts as readonly [SagaPart];
    const saga = sagas.get(first.saga.name);
    if (saga === undefined) throw new Error("no saga");
    this.trial = this.noteSent(SagaTrial.start(sagas, saga, { id: "t1", ...data }, start, version));
  }

  /** What was sent since the last call. */
  get sent(): readonly string[] {
    const { log } = this;
    this.log = [];
    return log;
  }

  get status(): string {
    return this.trial.instance.status;
  }

  get steps(): Readonly<Record<string, string>> {
    return Object.fromEntries(Object.entries(this.trial.instance.steps).map(([name, { status }]) => [name, status]));
  }

  get data(): Trip {
    return this.trial.instance.data as Trip;
  }

  reply(step: string, { element = 0, phase = "do" as Phase, text = step } = {}): this {
    return this.send({ kind: "response", ...this.address(step, element, phase), response: Booked.create({ text }) });
  }

  undone(step: string, element = 0): this {
    return this.reply(step, { element, phase: "undo" });
  }

  fail(step: string, outcome: FailureKind, { element = 0, phase = "do" as Phase, code = "unavailable" } = {}): this {
    return this.send({ kind: "failure", ...this.address(step, element, phase), outcome, failure: { code } });
  }

  event(id = "t1", note = "here", step = "wait"): this {
    return this.send({ kind: "event", step, event: { $typeName: "trips.v1.Arrived", id, note } });
  }

  send(message: SagaMessage): this {
    this.trial = this.noteSent(this.trial.send(message));
    return this;
  }

  after(milliseconds: number): this {
    this.trial = this.noteSent(this.trial.at(this.trial.now + milliseconds));
    return this;
  }

  private noteSent(trial: SagaTrial): SagaTrial {
    this.log.push(...trial.sent.map(({ request }) => Book.decode(request).what));
    return trial;
  }

  private address(step: string, element: number, phase: Phase) {
    const found = this.trial.underWay(step, element, phase);
    expect(found, `${step} is not under way`).toBeDefined();
    return { step, element, phase, epoch: found?.epoch ?? 0 };
  }
}
