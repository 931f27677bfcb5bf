import { isDeepStrictEqual } from "node:util";
import type { Caller, Outcome, TrialCall } from "./caller.js";
import { differences } from "./differences.js";

/** Describes how an outcome differs from the expected one; undefined: it does not. */
export function differenceOf(caller: Caller, call: TrialCall, expected: Outcome, actual: Outcome): string | undefined {
  const adaptations = differences
    .filter(({ surface, applies }) => surface.test(caller.name) && applies(call, expected))
    .map(({ adapt }) => adapt);
  const adapted = (outcome: Outcome): unknown => {
    return comparable(Object.assign({}, outcome, ...adaptations.map((adapt) => adapt(outcome))) as Outcome);
  };
  if (isDeepStrictEqual(adapted(expected), adapted(actual))) return undefined;
  const show = (value: unknown): string => JSON.stringify(value);
  return [
    `${caller.name} differs at ${call.method.name}`,
    `  requests ${show(call.requests)}`,
    `  options  ${show({ ...call, method: undefined, requests: undefined })}`,
    `  expected ${show(adapted(expected))}`,
    `  got      ${show(adapted(actual))}`,
  ].join("\n");
}

function comparable({ code, responses, version, message, violations = [], declared, retryAfter }: Outcome): unknown {
  const sorted = violations.map(({ field, rule, message }) => `${field} ${rule} ${message}`).sort();
  return JSON.parse(JSON.stringify({ code, responses, version, message, violations: sorted, declared, retryAfter }));
}
