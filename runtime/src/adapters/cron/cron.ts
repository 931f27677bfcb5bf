import { Cron } from "croner";
import { PotterError } from "../../errors/index.js";
import type { Occurrences } from "../../schedule/index.js";

/** How a cron expression is read. */
export interface CronOptions {
  /** An IANA time zone, such as `Europe/Berlin`. Default: UTC. */
  readonly timeZone?: string;
}

/**
 * The times of a cron expression: minute, hour, day of month, month and day of week, or six fields with seconds first. A time
 * that the clocks skip in spring recurs right after the gap; one that they repeat in autumn recurs once, at first. Throws
 * `invalid_argument` for an expression or time zone that does not exist, or that has no occurrence.
 */
export function cron(expression: string, { timeZone = "UTC" }: CronOptions = {}): Occurrences {
  const fail = (cause: unknown): never => {
    const why = cause instanceof Error ? cause.message : "it has no occurrence";
    throw new PotterError("invalid_argument", `the cron expression "${expression}" in ${timeZone} is invalid: ${why}`);
  };
  let pattern: Cron;
  try {
    // Paused: it only computes, without a timer.
    pattern = new Cron(expression, { timezone: timeZone, paused: true });
    if (pattern.nextRun() === null) fail(undefined);
  } catch (cause) {
    if (cause instanceof PotterError) throw cause;
    return fail(cause);
  }
  return { text: `${expression} ${timeZone}`, next: (after) => pattern.nextRun(after) ?? undefined };
}
