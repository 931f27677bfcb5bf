import type { Middleware } from "../cqrs/index.js";
import { PotterError } from "../errors/index.js";
import type { Validation } from "../validation/index.js";
import { createMaskedViolations } from "./masked-violations.js";

/** Refuses requests that break the rules of their contract, before anything else sees them. */
export function validation(validators: Validation): Middleware {
  return (method) => {
    const check = method.stream === "unary" || method.stream === "server" ? validators(method.request) : undefined;
    if (check === undefined) return undefined;
    const choose = createMaskedViolations(method);
    // Not async: a valid call costs no promise of its own.
    return (call, next) => {
      const found = check(call.request);
      if (found.length === 0) return next(call);
      const violations = choose === undefined ? found : choose(call.request, found);
      if (violations.length === 0) return next(call);
      const message = `${method.name} was sent a request that is not valid`;
      return Promise.reject(new PotterError("invalid_argument", message, { violations }));
    };
  };
}
