import { isPotterError, isStubMessage } from "../../errors/index.js";
import type { AnyCodec } from "../../message/index.js";
import type { SagaFailure } from "./instance.js";

/**
 * A function of the behaviour has thrown: a person must act, since it will throw again. If it is a stub, the saga continues by itself when
 * it is written.
 */
export class BehaviourFault extends Error {
  readonly failure: SagaFailure;
  readonly step: string | undefined;

  constructor(what: string, cause: unknown, step?: string) {
    super(`${what} of a saga has thrown`, { cause });
    const stub = cause instanceof Error && isStubMessage(cause.message) ? cause.message : undefined;
    const code = isPotterError(cause) ? cause.code : "internal";
    this.failure =
      stub === undefined ? { code, reason: `${what} has thrown` } : { code: "unimplemented", reason: stub };
    this.step = step;
  }
}

/**
 * Calls a function of the behaviour. `what`: `command`. `use` makes of its result what the saga stores, and throws if that is
 * impossible: the function is at fault then, too.
 */
export function callBehaviour<T, R = T>(
  what: string,
  step: string,
  call: () => T,
  use: (result: T) => R = (result) => result as never,
): R {
  try {
    return use(awaited(call()));
  } catch (error) {
    throw new BehaviourFault(`${what} of ${step}`, error, step);
  }
}

/**
 * A copy of a message, or of the value that one is created from, that shares nothing with it. Functions of the behaviour receive copies,
 * and the engine keeps copies of what they return: a function may change either at any time, and is called again when a transaction is
 * repeated. Messages cannot be frozen instead: they may hold bytes, dates and maps. Throws if the message cannot be encoded.
 */
export function copyOf(codec: AnyCodec, message: unknown): never {
  return codec.decode(codec.encode(codec.create(message as never))) as never;
}

/** Refuses a promise, which would be taken for an empty message. Nobody else would handle its rejection, which would end the process. */
export function awaited<T>(result: T): T {
  if (!(result instanceof Promise)) return result;
  result.catch(() => {});
  throw new TypeError("functions of a saga must not be asynchronous");
}
