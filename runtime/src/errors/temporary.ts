import { isPotterError, type PotterError } from "./potter-error.js";

const ended = Symbol.for("@potter/runtime/ended");

/** Whether an error is temporary, so that the same operation may succeed later. */
export function isTemporary(error: unknown): boolean {
  return (
    isPotterError(error) && /^(unavailable|aborted|deadline_exceeded|resource_exhausted|cancelled)$/.test(error.code)
  );
}

/** Marks an error as final: its source was shut down or never started, so that a retry cannot succeed. Returns the error. */
export function markEnded(error: PotterError): PotterError {
  Object.defineProperty(error, ended, { value: true });
  return error;
}

/** Whether a retry can succeed: the error is temporary, and its source was not shut down. */
export function isWorthRetrying(error: unknown): boolean {
  return isTemporary(error) && !(ended in (error as object));
}
