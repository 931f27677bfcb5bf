import type { Logger } from "../../cqrs/index.js";

type Level = "debug" | "info" | "warn" | "error";
const levels: readonly Level[] = ["debug", "info", "warn", "error"];

/** What may be set about the logger. */
export interface ConsoleLoggerOptions {
  /** Nothing below it is written. Default: `info`. */
  readonly level?: Level;
  /** Takes the lines. Default: stderr. */
  readonly write?: (line: string) => void;
}

/** Writes one JSON object a line: `time`, `level`, `message`, and the fields. */
export function consoleLogger(options: ConsoleLoggerOptions = {}): Logger {
  const { level = "info", write = (line) => process.stderr.write(line) } = options;
  const from = levels.indexOf(level);
  const at = (one: Level): Logger["info"] => {
    if (levels.indexOf(one) < from) return () => {};
    return (message, fields) => {
      const entry = { time: new Date().toISOString(), level: one, message, ...fields };
      write(`${JSON.stringify(entry, createReplacer())}\n`);
    };
  };
  return { debug: at("debug"), info: at("info"), warn: at("warn"), error: at("error") };
}

/** JSON knows neither errors nor bigints nor circles, and what is logged may hold any of them. */
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
