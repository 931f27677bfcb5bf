import type { Middleware } from "../cqrs/index.js";
import { PotterError } from "../errors/index.js";
import type { Validation } from "../validation/index.js";

/** Refuses requests that break the rules of their contract, before anything else sees them. */
export function validation(validators: Validation): Middleware {
  return (method) => {
    const check = method.stream === "unary" || method.stream === "server" ? validators(method.request) : undefined;
    if (check === undefined) return undefined;
    return async (call, next) => {
      const violations = check(call.request);
      if (violations.length > 0) {
        throw new PotterError("invalid_argument", `${method.name} was sent a request that is not valid`, { violations });
      }
      return next(call);
    };
  };
}
