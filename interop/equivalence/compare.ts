import { isDeepStrictEqual } from "node:util";
import type { Caller, Outcome, TrialCall } from "./caller.js";
import { differences } from "./differences.js";

/** Describes how an outcome differs from the expected one; undefined: it does not. */
export function differenceOf(caller: Caller, call: TrialCall, expected: Outcome, actual: Outcome): string | undefined {
  const permitted = differences.filter(({ surface, applies }) => surface.test(caller.name) && applies(call, expected));
  const adapted = (outcome: Outcome): unknown => {
    return comparable(Object.assign({}, outcome, ...permitted.map(({ adapt }) => adapt?.(outcome))) as Outcome);
  };
  const wanted = adapted(Object.assign({}, expected, ...permitted.map((one) => one.expect?.(expected))) as Outcome);
  const got = adapted(actual);
  if (isDeepStrictEqual(wanted, got)) return undefined;
  const show = (value: unknown): string => JSON.stringify(value);
  return [
    `${caller.name} differs at ${call.method.name}`,
    `  requests ${show(call.requests)}`,
    `  options  ${show({ ...call, method: undefined, requests: undefined })}`,
    `  expected ${show(wanted)}`,
    `  got      ${show(got)}`,
  ].join("\n");
}

function comparable({ code, responses, version, message, violations = [], declared, retryAfter }: Outcome): unknown {
  const sorted = violations.map(({ field, rule, message }) => `${field} ${rule} ${message}`).sort();
  // Page tokens are encrypted, each in its own way. Each call has a correlation id of its own.
  const shown = responses.map((response) => {
    const { nextPageToken } = response as { nextPageToken?: string };
    return nextPageToken === undefined ? response : { ...(response as object), nextPageToken: "a token" };
  });
  const text = message?.replace(/(see the log for correlation id) \S+$/, "$1");
  return JSON.parse(
    JSON.stringify({ code, responses: shown, version, message: text, violations: sorted, declared, retryAfter }),
  );
}
