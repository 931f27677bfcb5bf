import type { AnyMethod, Middleware } from "../cqrs/index.js";
import { PotterError } from "../errors/index.js";
import type { Validation } from "../validation/index.js";
import { createMaskedViolations } from "./masked-violations.js";

/** What is wrong with a request of a method; undefined: nothing. */
export type CheckRequest = (request: unknown) => PotterError | undefined;

/** Makes the check of a method's requests by the rules of their contract. undefined: they have none. */
export function createRequestCheck(method: AnyMethod, validators: Validation): CheckRequest | undefined {
  const check = method.stream === "unary" || method.stream === "server" ? validators(method.request) : undefined;
  if (check === undefined) return undefined;
  const choose = createMaskedViolations(method);
  return (request) => {
    const found = check(request);
    if (found.length === 0) return undefined;
    const violations = choose === undefined ? found : choose(request, found);
    if (violations.length === 0) return undefined;
    return new PotterError("invalid_argument", `${method.name} was sent a request that is not valid`, { violations });
  };
}

/** Refuses requests that break the rules of their contract, before anything else sees them. */
export function validation(validators: Validation): Middleware {
  return (method) => {
    const check = createRequestCheck(method, validators);
    if (check === undefined) return undefined;
    // Not async: a valid call costs no promise of its own.
    return (call, next) => {
      const error = check(call.request);
      return error === undefined ? next(call) : Promise.reject(error);
    };
  };
}
