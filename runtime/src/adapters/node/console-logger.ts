import type { Logger } from "../../cqrs/index.js";

/** How severe a log entry is, from the least severe. */
export type LogLevel = "debug" | "info" | "warn" | "error";
const levels: readonly LogLevel[] = ["debug", "info", "warn", "error"];

/** The options of the logger. */
export interface ConsoleLoggerOptions {
  /** The lowest level that is written. Default: `info`. */
  readonly level?: LogLevel;
  /** Writes a line. Default: to stderr. */
  readonly write?: (line: string) => void;
}

/** Creates a logger that writes one JSON object per line: `time`, `level`, `message` and the fields. */
export function consoleLogger(options: ConsoleLoggerOptions = {}): Logger {
  const { level = "info", write = (line) => process.stderr.write(line) } = options;
  const from = levels.indexOf(level);
  const at = (one: LogLevel): Logger["info"] => {
    if (levels.indexOf(one) < from) return () => {};
    return (message, fields) => {
      const entry = { time: new Date().toISOString(), level: one, message, ...fields };
      write(`${JSON.stringify(entry, createReplacer())}\n`);
    };
  };
  return { debug: at("debug"), info: at("info"), warn: at("warn"), error: at("error") };
}

/** Handles values that JSON cannot write: errors, bigints and cycles. */
function createReplacer(): (this: unknown, key: string, value: unknown) => unknown {
  const above: { source: unknown; shown: unknown }[] = [];
  return function (_, value) {
    if (typeof value === "bigint") return String(value);
    if (typeof value !== "object" || value === null) return value;
    while (above.length > 0 && above[above.length - 1]?.shown !== this) above.pop();
    if (above.some(({ source }) => source === value)) return "[circular]";
    const shown = value instanceof Error ? toPlain(value) : value;
    above.push({ source: value, shown });
    return shown;
  };
}

function toPlain(error: Error): object {
  const { name, message, stack, cause } = error;
  return { ...error, name, message, stack, cause };
}
