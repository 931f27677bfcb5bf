import { isPotterError, isStubMessage } from "../../errors/index.js";
import { type FailureKind, outcomeOf, type SagaFailure } from "../machine/index.js";

/** The longest delay of an attempt that a service may ask for, in milliseconds. */
const longestDelay = 24 * 60 * 60 * 1_000;
/** When a command whose handler is not written yet is sent again, in milliseconds. */
const unimplementedDelay = 5_000;

/** What the error of a command means for its saga. */
export interface ClassifiedError {
  readonly outcome: FailureKind;
  readonly failure: SagaFailure;
  readonly retryAfter?: number;
}

/**
 * What is stored of an error is its code and the declared error: a message may quote personal fields. That of a stub quotes nothing; the
 * command waits until its handler is written.
 */
export function classifyError(error: unknown): ClassifiedError {
  if (!isPotterError(error)) return { outcome: "unknown", failure: { code: "internal" } };
  const { code, detail, retryAfter, message } = error;
  if (code === "unimplemented" && isStubMessage(message)) {
    return { outcome: "temporary", failure: { code, reason: message }, retryAfter: unimplementedDelay };
  }
  return {
    outcome: detail === undefined ? outcomeOf(code) : "refused",
    failure: { code, ...(detail && { reason: detail.typeName }) },
    ...(retryAfter !== undefined && Number.isFinite(retryAfter) && { retryAfter: toDelay(retryAfter) }),
  };
}

/** Whole milliseconds, as times are stored: services say what they like. */
function toDelay(retryAfter: number): number {
  return Math.min(Math.max(Math.ceil(retryAfter), 0), longestDelay);
}
