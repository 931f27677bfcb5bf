import { PotterError } from "../../errors/index.js";

/** The longest time of a timer of the platform. */
const longestTimer = 2 ** 31 - 1;

/**
 * Aborts a command at the limit of its step. undefined: it has none, or one that is too far away. `now`: by the store's clock. The caller
 * clears the timer.
 */
export function abortAt(
  controller: AbortController,
  timeoutAt: number | undefined,
  now: number,
): ReturnType<typeof setTimeout> | undefined {
  const left = timeoutAt === undefined ? Number.POSITIVE_INFINITY : timeoutAt - now;
  if (left > longestTimer) return undefined;
  const expire = () => controller.abort(new PotterError("deadline_exceeded", "the limit of the step has passed"));
  return setTimeout(expire, Math.max(left, 0));
}
