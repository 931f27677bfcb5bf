/** Receives the log of the runtime, as messages with structured fields. Requests, responses and personal fields are never logged. */
export interface Logger {
  debug(message: string, fields?: Readonly<Record<string, unknown>>): void;
  info(message: string, fields?: Readonly<Record<string, unknown>>): void;
  warn(message: string, fields?: Readonly<Record<string, unknown>>): void;
  error(message: string, fields?: Readonly<Record<string, unknown>>): void;
}

/** Discards every message: the default, since a library does not write to the console. */
export const silentLogger: Logger = { debug() {}, info() {}, warn() {}, error() {} };
