import type { AnyMethod, Middleware } from "../cqrs/index.js";
import { PotterError } from "../errors/index.js";
import type { Validation } from "../validation/index.js";
import { createMaskedViolations } from "./masked-violations.js";

/** Validates a request of a method. Returns the error, or undefined for a valid request. */
export type CheckRequest = (request: unknown) => PotterError | undefined;

/** Creates the check of a method's requests against the rules of the contract; undefined if there are no rules. */
export function createRequestCheck(method: AnyMethod, validators: Validation): CheckRequest | undefined {
  const check = method.stream === "unary" || method.stream === "server" ? validators(method.request) : undefined;
  if (check === undefined) return undefined;
  const choose = createMaskedViolations(method);
  return (request) => {
    const found = check(request);
    if (found.length === 0) return undefined;
    const violations = choose === undefined ? found : choose(request, found);
    if (violations.length === 0) return undefined;
    return new PotterError("invalid_argument", `${method.name} received an invalid request`, { violations });
  };
}

/** Refuses requests that violate the rules of the contract, before a handler sees them. */
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
