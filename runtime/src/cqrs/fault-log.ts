import { type Code, isPotterError, type PotterError } from "../errors/index.js";
import type { Logger } from "./logger.js";

type Fields = Readonly<Record<string, unknown>>;

/** Codes of errors that are caused by the server or by one of its dependencies. */
const faults: ReadonlySet<Code> = new Set(["internal", "unknown", "data_loss", "unavailable", "deadline_exceeded"]);

/**
 * Logged errors, with the correlation id of the last call that they failed: several layers would log the same error. Errors with an
 * empty one are expected, and no call logs them.
 */
const logged = new WeakMap<object, string>();

/** Whether an error is caused by the server. Anything other than a PotterError is. */
export function isFault(error: unknown): boolean {
  return !isPotterError(error) || faults.has(error.code) || error.confidential;
}

/**
 * Logs a server error with its cause and stack, unless it was logged for the call that it failed. Clients receive only a part
 * of it.
 */
export function logFault(logger: Logger, message: string, error: unknown, fields: Fields = {}): void {
  if (!isFault(error)) return;
  if (isPotterError(error)) {
    if (logged.has(error)) return;
    logged.set(error, String(fields["correlationId"]));
  }
  logger.error(message, { ...fields, error });
}

/**
 * Logs an error that fails a call: once for each call if one error fails several, and once for a call and its nested
 * calls.
 */
export function logCallFault(logger: Logger, error: PotterError, correlationId: string, fields: Fields): void {
  const last = logged.get(error);
  if (last === "" || last === correlationId) return;
  logged.set(error, correlationId);
  logger.error("call failed with a server error", { ...fields, correlationId, code: error.code, error });
}

/**
 * Marks an error as logged for a call or, without a correlation id, as expected: it is no fault of the service, as the end of a
 * deadline that the client has chosen. Returns the error.
 */
export function markLogged<E extends PotterError>(error: E, correlationId = ""): E {
  logged.set(error, correlationId);
  return error;
}
