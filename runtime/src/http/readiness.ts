import type { Logger } from "../cqrs/index.js";

/** How long a result is used again, in milliseconds. */
const lifetime = 1_000;

/**
 * Creates a function that returns whether a check passes. Callers share the running check, and its result for a second, so that
 * many requests do not load the database. Logs when the result changes, with the error of the check. `now`: milliseconds.
 */
export function createReadiness(
  check: () => Promise<void> | undefined,
  logger: Logger,
  now: () => number = () => performance.now(),
): () => Promise<boolean> {
  let result: Promise<boolean> | undefined;
  let validUntil = Number.POSITIVE_INFINITY;
  let wasReady = true;

  const run = async (): Promise<boolean> => {
    try {
      await check();
      if (!wasReady) logger.info("the app is ready again");
      wasReady = true;
    } catch (error) {
      if (wasReady) logger.warn("the app is not ready", { error });
      wasReady = false;
    }
    validUntil = now() + lifetime;
    return wasReady;
  };

  return () => {
    if (result === undefined || now() >= validUntil) {
      validUntil = Number.POSITIVE_INFINITY;
      result = run();
    }
    return result;
  };
}
