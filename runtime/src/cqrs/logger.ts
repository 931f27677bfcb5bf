/**
 * Receives the log of the runtime, as messages with structured fields. Requests, responses and personal fields are never
 * logged.
 */
export interface Logger {
  /** Details of single calls. */
  debug(message: string, fields?: Readonly<Record<string, unknown>>): void;
  /** Expected events, such as failed calls of clients. */
  info(message: string, fields?: Readonly<Record<string, unknown>>): void;
  /** Problems from which the runtime recovers, such as retries. */
  warn(message: string, fields?: Readonly<Record<string, unknown>>): void;
  /** Server errors, with the error as the field `error`. */
  error(message: string, fields?: Readonly<Record<string, unknown>>): void;
}

/** Discards every message: the default, since a library does not write to the console. */
export const silentLogger: Logger = { debug() {}, info() {}, warn() {}, error() {} };
