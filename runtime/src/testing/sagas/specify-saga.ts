import type { JsonValue } from "@bufbuild/protobuf";
import type { AnyMethod } from "../../cqrs/index.js";
import type { Code } from "../../errors/index.js";
import type { EventMeta } from "../../projection/index.js";
import type { ChildStepTypes, EventStepTypes, Saga, SagaPart, SagaTypes } from "../../saga/declaration/index.js";
import {
  outcomeOf,
  type Phase,
  type ResolvedSaga,
  type SagaMessage,
  type SagaStatus,
  type StepStatus,
} from "../../saga/machine/index.js";
import { expectEqual, expectTrue } from "../expectations/index.js";
import { checkChildren, expectMatch } from "./saga-checks.js";
import type {
  SagaCommandNames,
  SagaCompensationNames,
  SagaCompensationOf,
  SagaDataOf,
  SagaEventOf,
  SagaMessageInit,
  SagaRequestOf,
  SagaResponseOf,
  SagaStepName,
  SagaStepNames,
} from "./saga-step-types.js";
import { resolveAll, SagaTrial, type TrialSagas } from "./saga-trial.js";

/** The settings of `specifySaga`. */
export interface SpecifySagaOptions {
  /** The declared sagas that its steps run, and those that they run; all are required. Default: none. */
  readonly sagas?: readonly SagaPart[];
  /** The time at which it starts. Default: the first of January 2020, UTC. */
  readonly now?: Date;
  /** The version of the saga. Default: the one of new sagas. */
  readonly version?: number;
}

/**
 * A saga in a test, without a store and on a virtual clock. Immutable: each method returns the saga after it, so that variants can
 * begin from the same state. Steps have their local names; `element` is the index in a step with `for_each`, by default 0.
 * Checks throw an `ExpectationError`.
 */
export interface SagaSpecification<S extends SagaTypes> {
  /** The command of a step is answered. */
  responds<K extends SagaCommandNames<S>>(
    step: K,
    response: SagaMessageInit<SagaResponseOf<S, K>>,
    element?: number,
  ): SagaSpecification<S>;
  /**
   * The command of a step fails with this code. Codes such as `failed_precondition` and `not_found` are refusals; after `unavailable`,
   * `deadline_exceeded` or `internal` it is unknown whether it had its effect.
   */
  fails(step: SagaCommandNames<S>, code: Code, element?: number): SagaSpecification<S>;
  /** The compensation of a step is answered. */
  compensated(step: SagaCompensationNames<S>, element?: number): SagaSpecification<S>;
  /** The compensation of a step fails with this code. */
  compensationFails(step: SagaCompensationNames<S>, code: Code, element?: number): SagaSpecification<S>;
  /** The event that a step waits for arrives, early or not. Throws if it does not match the saga. */
  receives<K extends SagaStepNames<S, EventStepTypes>>(
    step: K,
    event: SagaMessageInit<SagaEventOf<S, K>>,
  ): SagaSpecification<S>;
  /** The saga of a step ends. Throws if it was not started. */
  childEnds<K extends SagaStepNames<S, ChildStepTypes>>(
    step: K,
    status: "completed" | "compensated",
    data: SagaMessageInit<SagaDataOf<S, K>>,
  ): SagaSpecification<S>;
  /** Time passes, in milliseconds: whatever becomes due happens. Commands under way stay under way. */
  passes(milliseconds: number): SagaSpecification<S>;
  /** A person cancels the saga. */
  cancel(): SagaSpecification<S>;
  /** A person pauses the saga. */
  pause(): SagaSpecification<S>;
  /** A person continues the paused or suspended saga. */
  resume(): SagaSpecification<S>;
  /** A person repeats what waits: of one step, or of all. */
  retry(step?: SagaStepName<S>): SagaSpecification<S>;
  /** A person passes over a step. */
  skip(step: SagaStepName<S>): SagaSpecification<S>;

  /** The command of a step is under way, with this request if given. */
  sends<K extends SagaCommandNames<S>>(step: K, request?: SagaMessageInit<SagaRequestOf<S, K>>, element?: number): this;
  /** The compensation of a step is under way, with this request if given. */
  compensates<K extends SagaCompensationNames<S>>(
    step: K,
    request?: SagaMessageInit<SagaCompensationOf<S, K>>,
    element?: number,
  ): this;
  /** Neither commands nor compensations are under way. */
  sendsNothing(): this;
  /** The saga has this status. */
  hasStatus(status: SagaStatus): this;
  /** A step has this status. */
  hasStep(step: SagaStepName<S>, status: StepStatus): this;
  /** The data of the saga is exactly this. */
  hasData(data: S["data"]["init"] | S["data"]["message"]): this;
}

/** A saga that can be started. */
export interface SagaStart<S extends SagaTypes> {
  /** Starts the saga with this data. */
  starts(data: S["data"]["init"] | S["data"]["message"]): SagaSpecification<S>;
  /** Starts the saga by its event. Fails if the event starts none. */
  startsBy(event: SagaMessageInit<S["start"]>, meta?: Partial<EventMeta>): SagaSpecification<S>;
  /** The event starts no saga. */
  ignores(event: SagaMessageInit<S["start"]>, meta?: Partial<EventMeta>): void;
}

/** Specifies a declared saga: given its data, when its commands are answered, then these commands are sent. */
export function specifySaga<S extends SagaTypes>(
  saga: Saga<S>,
  part: SagaPart,
  options: SpecifySagaOptions = {},
): SagaStart<S> {
  const { sagas = [], now = new Date("2020-01-01T00:00:00Z"), version } = options;
  const { codec, startsOn, name } = saga.definition;
  if (part.saga.name !== name) throw new RangeError(`the part is one of the saga ${part.saga.name}, not of ${name}`);
  checkChildren([part, ...sagas]);
  const known: TrialSagas = resolveAll([part, ...sagas]);
  const begin = (data: unknown) =>
    new Specification(part, SagaTrial.start(known, known.get(name) as ResolvedSaga, data, now.getTime(), version));
  const dataOf = (event: unknown, meta: object): unknown =>
    part.behaviour.start?.(startsOn?.codec.create(event as never) as never, meta as EventMeta);
  const start: SagaStart<SagaTypes> = {
    starts: (data) => begin(codec.create(data as never)),
    startsBy(event, meta = {}) {
      const data = dataOf(event, meta);
      expectTrue(data !== undefined, "expected the event to start a saga, it started", "none");
      return begin(data);
    },
    ignores(event, meta = {}) {
      const data = dataOf(event, meta);
      expectTrue(data === undefined, "expected the event to start no saga, it started one with", data);
    },
  };
  return start as unknown as SagaStart<S>;
}

class Specification implements SagaSpecification<SagaTypes> {
  private readonly part: SagaPart;
  private readonly trial: SagaTrial;

  constructor(part: SagaPart, trial: SagaTrial) {
    this.part = part;
    this.trial = trial;
  }

  responds(step: string, response: unknown, element = 0): Specification {
    const { method, ...address } = this.address(step, element, "do");
    return this.after({ kind: "response", ...address, response: method.response.create(response as never) });
  }

  fails(step: string, code: Code, element = 0): Specification {
    const { method: _, ...address } = this.address(step, element, "do");
    return this.after({ kind: "failure", ...address, outcome: outcomeOf(code), failure: { code } });
  }

  compensated(step: string, element = 0): Specification {
    const { method, ...address } = this.address(step, element, "undo");
    return this.after({ kind: "response", ...address, response: method.response.create() });
  }

  compensationFails(step: string, code: Code, element = 0): Specification {
    const { method: _, ...address } = this.address(step, element, "undo");
    return this.after({ kind: "failure", ...address, outcome: outcomeOf(code), failure: { code } });
  }

  receives(step: string, event: unknown): Specification {
    const definition = this.part.saga.steps[step];
    if (definition?.kind !== "event") throw new RangeError(`the step ${step} waits for no event`);
    const message = definition.event.codec.create(event as never);
    expectMatch(this.part.saga, step, message, this.trial.instance.data);
    return this.after({ kind: "event", step: definition.name, event: message });
  }

  childEnds(step: string, status: "completed" | "compensated", data: unknown): Specification {
    const definition = this.part.saga.steps[step];
    if (definition?.kind !== "saga") throw new RangeError(`the step ${step} runs no saga`);
    const isStarted = this.trial.childOf(definition.name) !== undefined;
    const found = this.trial.instance.steps[definition.name]?.status ?? "absent";
    expectTrue(isStarted, `expected the saga of ${step} to be started, the step is`, found);
    const message = definition.saga().codec.create(data as never);
    return this.after({ kind: "child_ended", step: definition.name, status, data: message });
  }

  passes(milliseconds: number): Specification {
    if (!Number.isFinite(milliseconds) || milliseconds < 0) {
      throw new RangeError(`passes expects milliseconds, 0 or more, not ${String(milliseconds)}`);
    }
    return new Specification(this.part, this.trial.at(this.trial.now + milliseconds));
  }

  cancel = (): Specification => this.after({ kind: "cancel" });
  pause = (): Specification => this.after({ kind: "pause" });
  resume = (): Specification => this.after({ kind: "resume" });
  skip = (step: string): Specification => this.after({ kind: "skip", step: this.protoName(step) });
  retry = (step?: string): Specification =>
    this.after({ kind: "retry", ...(step !== undefined && { step: this.protoName(step) }) });

  sends(step: string, request?: unknown, element = 0): this {
    return this.expectCommand(step, request, element, "do");
  }

  compensates(step: string, request?: unknown, element = 0): this {
    return this.expectCommand(step, request, element, "undo");
  }

  sendsNothing(): this {
    expectEqual("the saga to have nothing under way", this.underWay, []);
    return this;
  }

  hasStatus(status: SagaStatus): this {
    const { instance } = this.trial;
    const found = { status: instance.status, ...(instance.status !== status && { failure: instance.failure }) };
    expectEqual("the saga", found as unknown as JsonValue, { status });
    return this;
  }

  hasStep(step: string, status: StepStatus): this {
    expectEqual(`the step ${step} to be`, this.trial.instance.steps[this.protoName(step)]?.status ?? "absent", status);
    return this;
  }

  hasData(data: unknown): this {
    const { codec } = this.part.saga;
    const found = codec.toJson(this.trial.instance.data as never);
    expectEqual("the data of the saga", found, codec.toJson(codec.create(data as never)));
    return this;
  }

  private after(message: SagaMessage): Specification {
    return new Specification(this.part, this.trial.send(message));
  }

  private protoName(step: string): string {
    const definition = this.part.saga.steps[step];
    if (definition === undefined) throw new RangeError(`the saga ${this.part.saga.name} has no step ${step}`);
    return definition.name;
  }

  private address(step: string, element: number, phase: Phase) {
    const definition = this.part.saga.steps[step];
    const method = definition?.kind === "command" ? methodOf(definition, phase) : undefined;
    const found = this.trial.underWay(this.protoName(step), element, phase);
    const what = phase === "do" ? "command" : "compensation";
    expectTrue(
      found !== undefined && method !== undefined,
      `expected the ${what} of ${this.nameOf(step, element)} to be under way, there are`,
      this.underWay,
    );
    return { step: this.protoName(step), element, phase, epoch: found?.epoch ?? 0, method: method as AnyMethod };
  }

  private expectCommand(step: string, request: unknown, element: number, phase: Phase): this {
    const { method } = this.address(step, element, phase);
    if (request === undefined) return this;
    const bytes = this.trial.instance.frozen.get(`${this.protoName(step)}/${element}/${phase}`);
    const found = method.request.toJson(method.request.decode(bytes ?? new Uint8Array()));
    const what = phase === "do" ? "command" : "compensation";
    expectEqual(
      `the ${what} of ${this.nameOf(step, element)}`,
      found,
      method.request.toJson(method.request.create(request as never)),
    );
    return this;
  }

  /** Of a step with `for_each`, the command of one element: `reserve[1]`. */
  private nameOf(step: string, element: number): string {
    const definition = this.part.saga.steps[step];
    const isOne = element === 0 && !(definition?.kind === "command" && definition.forEach === true);
    return isOne ? step : `${step}[${element}]`;
  }

  /** What is under way: `reserve`, `undo reserve[1]`. */
  private get underWay(): string[] {
    return Object.entries(this.part.saga.steps).flatMap(([localName, { name }]) =>
      (this.trial.instance.steps[name]?.commands ?? []).flatMap(({ status }, element) => {
        if (status === "sent") return [this.nameOf(localName, element)];
        return status === "undoing" ? [`undo ${this.nameOf(localName, element)}`] : [];
      }),
    );
  }
}

function methodOf(
  step: { readonly command: AnyMethod; readonly compensation?: AnyMethod },
  phase: Phase,
): AnyMethod | undefined {
  return phase === "do" ? step.command : step.compensation;
}
