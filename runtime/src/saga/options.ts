import type { AnyMethod } from "../cqrs/index.js";
import { PotterError } from "../errors/index.js";

/** How the commands of a saga are identified, for a service that this app does not contain. */
export interface SagaCall {
  /** The same for each attempt: pass it on as idempotency key. */
  readonly commandId: string;
  /** The tenant of the saga; empty: none. */
  readonly tenant: string;
  /** The user for whom the saga runs; empty: unknown. */
  readonly user: string;
  /** The conversation that the saga belongs to. */
  readonly correlationId: string;
  /** The event that started the saga, or its id. */
  readonly causationId: string;
  /** Aborts at the limit of the step, and when the app stops. */
  readonly signal: AbortSignal;
}

/** How this process takes part in the work on sagas. Durations are in milliseconds. */
export interface SagaOptions {
  /**
   * Calls methods that no part of the app handles: over HTTP, for example. Returns the response, or the value that one is created
   * from. A PotterError with a code such as `failed_precondition` or `not_found` is a refusal: the command had no effect; after
   * `unavailable` and errors that are no PotterError its effect is unknown. Default: `createApp` refuses such steps.
   */
  readonly call?: (method: AnyMethod, request: unknown, call: SagaCall) => Promise<unknown>;
  /** How long after the death of a process others take over its commands. Default 10 000. */
  readonly lease?: number;
  /** How often at least this process looks for what is due, such as timers that other processes have set. Default 1 000. */
  readonly pollInterval?: number;
  /**
   * The most commands that this process runs at the same time. As many more wait in it; all others wait in the store, until there is
   * room in this process or in another one. Default 100.
   */
  readonly concurrency?: number;
  /**
   * The most commands of local steps whose events are committed together, with the transitions of their sagas: a saga of local steps takes
   * one transaction instead of one for each. 1: one for each, so that each step can be seen while the next one has not begun. Default 100.
   */
  readonly commandsPerTransaction?: number;
  /**
   * How long after its end a saga can be shown; then it is removed, and a start with its id is a new one. Applies to sagas that end from
   * then on. Choose it longer than clients repeat a start. Default: for ever.
   */
  readonly retention?: number;
}

/** Counts of one process since its start. */
export interface SagaCounters {
  /** Transitions that were stored. */
  readonly transitions: number;
  /** Outcomes of commands that another process has taken over meanwhile: they were discarded. */
  readonly fenced: number;
  /** Commands of other processes that this one has taken over. */
  readonly takenOver: number;
  /** Messages that changed nothing, such as a second event, by reason. */
  readonly ignored: Readonly<Record<string, number>>;
  /** Attempts to handle what is due that have failed, such as those of a row that cannot be decoded. The log says why. */
  readonly failures: number;
  /** Commands that run or wait to run in this process. */
  readonly running: number;
}

/** Checks numbers with which sagas would not go on, or would be taken over while their commands run. */
export function checkOptions(options: SagaOptions): void {
  for (const name of ["lease", "pollInterval", "concurrency", "commandsPerTransaction", "retention"] as const) {
    const value = options[name];
    if (value === undefined || (Number.isSafeInteger(value) && value > 0)) continue;
    const isCount = name === "concurrency" || name === "commandsPerTransaction";
    const expected = isCount ? "a whole number from 1" : "milliseconds from 1";
    throw new PotterError("invalid_argument", `sagas.${name} is ${value}: expected ${expected}`);
  }
}
