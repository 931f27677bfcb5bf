import { type Code, isPotterError } from "../../errors/index.js";
import type { FailureKind, SagaFailure } from "../machine/index.js";

/** The command had no effect, and another attempt would be refused too. */
const refused: ReadonlySet<Code> = new Set([
  "invalid_argument",
  "not_found",
  "already_exists",
  "permission_denied",
  "failed_precondition",
  "out_of_range",
  "unimplemented",
  "unauthenticated",
]);

/** The command had no effect, and another attempt may succeed. */
const temporary: ReadonlySet<Code> = new Set(["resource_exhausted", "aborted"]);

/** What the error of a command means for its saga. */
export interface ClassifiedError {
  readonly outcome: FailureKind;
  readonly failure: SagaFailure;
  readonly retryAfter?: number;
}

/** What is stored of an error is its code and the declared error: a message may quote personal fields. */
export function classifyError(error: unknown): ClassifiedError {
  if (!isPotterError(error)) return { outcome: "unknown", failure: { code: "internal" } };
  const { code, detail, retryAfter } = error;
  const failure = { code, ...(detail && { reason: detail.typeName }) };
  const outcome = detail !== undefined || refused.has(code) ? "refused" : temporary.has(code) ? "temporary" : "unknown";
  return { outcome, failure, ...(retryAfter !== undefined && { retryAfter }) };
}
