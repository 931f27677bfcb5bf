import { type Code, isPotterError, type PotterError } from "../errors/index.js";
import type { Logger } from "./logger.js";

type Fields = Readonly<Record<string, unknown>>;

/** Codes of errors for which the server is to blame, or what it depends on. */
const faults: ReadonlySet<Code> = new Set(["internal", "unknown", "data_loss", "unavailable", "deadline_exceeded"]);

/** Errors that were logged, with the correlation id of the last call that they failed: they pass several places that would log them. */
const logged = new WeakMap<object, string>();

/** Whether an error says that something is wrong with the server. What is not a PotterError always does. */
export function isFault(error: unknown): boolean {
  return !isPotterError(error) || faults.has(error.code) || error.confidential;
}

/**
 * Logs an error for which the server is to blame, with its cause and stack, unless it was logged for the call that it failed. Clients
 * are told only a part of it.
 */
export function logFault(logger: Logger, message: string, error: unknown, fields: Fields = {}): void {
  if (!isFault(error)) return;
  if (isPotterError(error)) {
    if (logged.has(error)) return;
    logged.set(error, "");
  }
  logger.error(message, { ...fields, error });
}

/** Logs an error that fails a call: once for each call, also where one error fails several, and once for calls within calls. */
export function logCallFault(logger: Logger, error: PotterError, correlationId: string, fields: Fields): void {
  if (logged.get(error) === correlationId) return;
  logged.set(error, correlationId);
  logger.error("call failed for reasons of the server", { ...fields, correlationId, code: error.code, error });
}

/** Says that an error needs no log where it passes: it was logged already, or is no surprise. */
export function markLogged<E extends PotterError>(error: E, correlationId = ""): E {
  logged.set(error, correlationId);
  return error;
}
