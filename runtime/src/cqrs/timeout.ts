import { withContext } from "./call-context.js";
import { followStream, runWithin } from "./deadline.js";
import type { Middleware } from "./middleware.js";

/**
 * Ends calls of methods that declare a timeout: the caller gets `deadline_exceeded`, the handler's signal
 * aborts. A handler that goes on all the same may still succeed; its outcome is then unknown to the caller.
 */
export const timeouts: Middleware = (method) => {
  const { timeout } = method;
  if (timeout === undefined) return undefined;
  return (call, next) =>
    runWithin(
      timeout,
      method,
      call.context.signal,
      (signal) => next({ ...call, context: withContext(call.context, { signal }) }),
      followStream,
    );
};
