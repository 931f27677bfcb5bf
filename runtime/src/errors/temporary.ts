import { isPotterError, type PotterError } from "./potter-error.js";

const ended = Symbol.for("@potter/runtime/ended");

/** Whether an error says that nothing is wrong with what was asked for, so that the same may succeed later. */
export function isTemporary(error: unknown): boolean {
  return (
    isPotterError(error) && /^(unavailable|aborted|deadline_exceeded|resource_exhausted|cancelled)$/.test(error.code)
  );
}

/** Says of an error that what was asked has been shut down, or was never started: to try again is of no use. */
export function markEnded(error: PotterError): PotterError {
  Object.defineProperty(error, ended, { value: true });
  return error;
}

/** Whether to try again is worth it: what was asked is away for now, and was not shut down. */
export function isWorthRetrying(error: unknown): boolean {
  return isTemporary(error) && !(ended in (error as object));
}
