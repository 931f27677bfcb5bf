import { isPotterError } from "../../errors/index.js";
import { type FailureKind, outcomeOf, type SagaFailure } from "../machine/index.js";

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
  return {
    outcome: detail === undefined ? outcomeOf(code) : "refused",
    failure: { code, ...(detail && { reason: detail.typeName }) },
    ...(retryAfter !== undefined && { retryAfter }),
  };
}
