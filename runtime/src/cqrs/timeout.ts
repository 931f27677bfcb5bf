import { PotterError } from "../errors/index.js";
import { withContext } from "./call-context.js";
import type { Middleware } from "./middleware.js";

/**
 * Ends calls of methods that declare a timeout: the caller gets `deadline_exceeded`, the handler's signal
 * aborts. A handler that goes on all the same may still succeed; its outcome is then unknown to the caller.
 */
export const timeouts: Middleware = (method) => {
  const { timeout } = method;
  if (timeout === undefined) return undefined;
  return async (call, next) => {
    const controller = new AbortController();
    const outer = call.context.signal;
    const abort = () => controller.abort(outer?.reason);
    outer?.addEventListener("abort", abort, { once: true });
    if (outer?.aborted === true) abort();
    let timer: ReturnType<typeof setTimeout> | undefined;
    const expired = new Promise<never>((_, reject) => {
      timer = setTimeout(() => {
        const error = new PotterError("deadline_exceeded", `${method.name} took longer than ${timeout} ms`);
        controller.abort(error);
        reject(error);
      }, timeout);
    });
    const context = withContext(call.context, { signal: controller.signal });
    try {
      return await Promise.race([next({ ...call, context }), expired]);
    } finally {
      clearTimeout(timer);
      outer?.removeEventListener("abort", abort);
    }
  };
};
