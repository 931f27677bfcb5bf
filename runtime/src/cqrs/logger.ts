/** Where the runtime tells what it does. No request, no answer and no personal field is ever passed to it. */
export interface Logger {
  debug(message: string, fields?: Readonly<Record<string, unknown>>): void;
  info(message: string, fields?: Readonly<Record<string, unknown>>): void;
  warn(message: string, fields?: Readonly<Record<string, unknown>>): void;
  error(message: string, fields?: Readonly<Record<string, unknown>>): void;
}

/** Says nothing: the default, since a library does not write to the console. */
export const silentLogger: Logger = { debug() {}, info() {}, warn() {}, error() {} };
