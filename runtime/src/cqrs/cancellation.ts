import { isPotterError, PotterError } from "../errors/index.js";

/**
 * What a call failed with because its caller has gone, or has set a time that has passed: the reason of the caller's signal, as
 * `throwIfAborted` throws it, or the `AbortError` of whatever was given the signal. undefined: it failed for another reason.
 */
export function cancellationOf(error: unknown, signal: AbortSignal | undefined): PotterError | undefined {
  if (signal?.aborted !== true || isPotterError(error)) return undefined;
  const { reason } = signal as { readonly reason: unknown };
  if (error !== reason && nameOf(error) !== "AbortError") return undefined;
  if (isPotterError(reason)) return reason;
  return nameOf(reason) === "TimeoutError"
    ? new PotterError("deadline_exceeded", "the time that the caller has set has passed", { cause: error })
    : new PotterError("cancelled", "the caller has gone", { cause: error });
}

function nameOf(error: unknown): unknown {
  return error instanceof Error ? error.name : undefined;
}
