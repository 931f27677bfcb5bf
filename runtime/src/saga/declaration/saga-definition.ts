import type { AnyMethod } from "../../cqrs/index.js";
import type { AnyCodec, Engine, EventDefinition } from "../../message/index.js";

/** How failed attempts of a step are repeated: exponential backoff with full jitter. */
export interface StepRetry {
  /** The most attempts, the first included. */
  readonly maxAttempts: number;
  /** Upper bound of the first delay, in milliseconds. */
  readonly initialDelay: number;
  /** Upper bound of every delay, in milliseconds. */
  readonly maxDelay: number;
}

/** What all kinds of steps have in common. */
export interface AnyStepDefinition {
  /** Proto name, unique in its saga. Stored, so it never changes while sagas run. */
  readonly name: string;
  /** Proto names of the steps that must be done or skipped first. A version ignores those that it does not have. */
  readonly after: readonly string[];
  /** The first version of the saga that has this step. Default: 1. */
  readonly sinceVersion?: number;
  /** The last version of the saga that has this step. Default: it was not removed. */
  readonly untilVersion?: number;
  /** A guard of the saga's TypeScript decides whether to run it. */
  readonly when?: true;
  /** Once it is done, later steps are retried until they succeed, and nothing is compensated any more. */
  readonly pivot?: true;
  /** Limit of the whole step with all its attempts, in milliseconds. Absent: no limit. */
  readonly timeout?: number;
  /** What happens then. Default: `compensate`. */
  readonly onTimeout?: "compensate" | "retry" | "continue";
}

/** Sends a command, or with `forEach` one command for each element of a list. */
export interface CommandStepDefinition extends AnyStepDefinition {
  /** Distinguishes the kinds of steps. */
  readonly kind: "command";
  /** The command. */
  readonly command: AnyMethod;
  /** The command that undoes it. Absent: there is nothing to undo. */
  readonly compensation?: AnyMethod;
  /** The behaviour returns a list of commands, which are sent together. */
  readonly forEach?: true;
  /** How failed attempts are repeated. */
  readonly retry: StepRetry;
}

/** Waits for an event. */
export interface EventStepDefinition extends AnyStepDefinition {
  /** Distinguishes the kinds of steps. */
  readonly kind: "event";
  /** All versions of the event that may arrive; the first is the current one. */
  readonly event: EventDefinition;
  /** Returns the value of the event that must equal `key` of the saga's data. */
  readonly eventKey: (event: never) => string;
  /** Returns the value of the saga's data that events are matched by. Absent: the id of the saga. */
  readonly key?: (data: never) => string;
  /** An event that arrives before the step has started is ignored. Default: it is kept until the step starts. */
  readonly ignoreEarly?: true;
}

/** Waits for a time: `delay` milliseconds after the step starts, or until a time in the saga's data. */
export interface TimerStepDefinition extends AnyStepDefinition {
  /** Distinguishes the kinds of steps. */
  readonly kind: "timer";
  /** Milliseconds from the start of the step. */
  readonly delay?: number;
  /** Milliseconds since 1970; undefined: the field has no value, and the step is done at once. */
  readonly until?: (data: never) => number | undefined;
}

/** Starts another saga and waits for its end. It is undone by compensating that saga. */
export interface ChildStepDefinition extends AnyStepDefinition {
  /** Distinguishes the kinds of steps. */
  readonly kind: "saga";
  /** A function, since sagas may be declared in any order. */
  readonly saga: () => SagaDefinition;
  /** How failed attempts are repeated. */
  readonly retry: StepRetry;
}

/** A step of a saga, as data. */
export type StepDefinition = CommandStepDefinition | EventStepDefinition | TimerStepDefinition | ChildStepDefinition;

/** What the generator prints about a saga. */
export interface SagaDeclaration {
  /** Full proto name of the message that holds its data: the type of its instances. */
  readonly name: string;
  /** The version of new sagas, from 1. */
  readonly version: number;
  /** Codec of its data. */
  readonly codec: AnyCodec;
  /** The id of a saga, as text: the value of the data's id field. */
  readonly key: (data: never) => string;
  /** The event that starts it. Absent: only `start` of its control and other sagas start it. */
  readonly startsOn?: EventDefinition;
  /** By local name, in the order of the contract. */
  readonly steps: { readonly [localName: string]: StepDefinition };
  /** Limit of the whole saga in milliseconds, after which it is compensated. Absent: no limit. */
  readonly deadline?: number;
  /** Encrypts the personal fields of its data and of the commands under way. Absent: there are none. */
  readonly personal?: Engine<"personal data">;
}

/** A saga of the contract, as data, with the engine that runs it. */
export interface SagaDefinition extends SagaDeclaration {
  /** Runs it. */
  readonly engine: Engine<"sagas">;
}
