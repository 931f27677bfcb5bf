import { isPotterError } from "../../errors/index.js";
import type { SagaFailure } from "./instance.js";

/** A function of the behaviour has thrown: a person must act, since it will throw again. */
export class BehaviourFault extends Error {
  readonly failure: SagaFailure;
  readonly step: string | undefined;

  constructor(what: string, cause: unknown, step?: string) {
    super(`${what} of a saga has thrown`, { cause });
    this.failure = { code: isPotterError(cause) ? cause.code : "internal", reason: `${what} has thrown` };
    this.step = step;
  }
}

/** Calls a function of the behaviour. `what`: `command of reserve`. */
export function callBehaviour<T>(what: string, step: string, call: () => T): T {
  try {
    return call();
  } catch (error) {
    throw new BehaviourFault(`${what} of ${step}`, error, step);
  }
}
