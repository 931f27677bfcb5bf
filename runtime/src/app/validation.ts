import type { AnyMethod, CheckRequest } from "../cqrs/index.js";
import { PotterError } from "../errors/index.js";
import type { Validation } from "../validation/index.js";
import { createMaskedViolations } from "./masked-violations.js";

/** Creates the check of a method's request messages against the rules of the contract; undefined if there are no rules. */
export function createRequestCheck(method: AnyMethod, validators: Validation): CheckRequest | undefined {
  const check = validators(method.request);
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
