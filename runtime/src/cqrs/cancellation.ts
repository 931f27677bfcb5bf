import { isPotterError, PotterError } from "../errors/index.js";

/**
 * Converts the error of a call that failed because its caller cancelled it, or because the caller's deadline passed: the reason
 * of the caller's signal, as `throwIfAborted` throws it, or an `AbortError` of a function that received the signal. Returns
 * undefined if the call failed for another reason.
 */
export function cancellationOf(error: unknown, signal: AbortSignal | undefined): PotterError | undefined {
  if (signal?.aborted !== true || isPotterError(error)) return undefined;
  const { reason } = signal as { readonly reason: unknown };
  if (error !== reason && nameOf(error) !== "AbortError") return undefined;
  if (isPotterError(reason)) return reason;
  return nameOf(reason) === "TimeoutError"
    ? new PotterError("deadline_exceeded", "the deadline of the caller has passed", { cause: error })
    : new PotterError("cancelled", "the caller cancelled the call", { cause: error });
}

function nameOf(error: unknown): unknown {
  return error instanceof Error ? error.name : undefined;
}
