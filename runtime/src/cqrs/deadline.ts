import { FollowedItems, onAbort } from "../async/index.js";
import { PotterError } from "../errors/index.js";
import { isStream } from "./bus.js";
import type { CallResult } from "./call.js";
import { withContext } from "./call-context.js";
import { markLogged } from "./fault-log.js";
import type { AnyMethod } from "./method.js";
import type { Middleware } from "./middleware.js";
import { withItemIdOf } from "./stream-item-id.js";

/** The longest delay of a timer, in milliseconds. */
const longest = 2 ** 31 - 1;

/** Returns the same result of a streaming call, and calls `end` when its stream has ended. */
export function followStream(result: CallResult, end: () => void): CallResult {
  const items = result.response as AsyncIterable<unknown>;
  return { ...result, response: withItemIdOf(new FollowedItems(items, { end }), items) };
}

/**
 * Runs a function for a limited time, in milliseconds. Its signal aborts with the deadline or with the outer signal. Rejects with
 * `deadline_exceeded` when the time has passed; a function that continues nevertheless may still succeed, unknown to the caller.
 * A stream must begin in that time and then has no deadline: its signal aborts only with the outer one. `follow` returns the
 * same result and calls `end` when its stream has ended, so that the outer signal, which can live much longer, is released.
 * `isChosen`: the client has chosen the time, so that its end is no fault of the service, and is not logged.
 */
export async function runWithin<Result>(
  milliseconds: number,
  method: Pick<AnyMethod, "name" | "stream">,
  outer: AbortSignal | undefined,
  run: (signal: AbortSignal) => Promise<Result>,
  follow: (result: Result, end: () => void) => Result,
  isChosen?: boolean,
): Promise<Result> {
  const controller = new AbortController();
  const abort = () => controller.abort(outer?.reason);
  const stopListening = onAbort(outer, abort);
  let timer: ReturnType<typeof setTimeout> | undefined;
  const expired = new Promise<never>((_, reject) => {
    timer = setTimeout(
      () => {
        const error = new PotterError(
          "deadline_exceeded",
          `${method.name} took longer than ${Math.ceil(milliseconds)} ms`,
        );
        if (isChosen) markLogged(error);
        reject(error);
        // Aborted after the rejection, so that the handler's own error for its signal comes too late.
        controller.abort(error);
      },
      Math.min(milliseconds, longest),
    );
  });
  let isFollowed = false;
  try {
    const result = await Promise.race([run(controller.signal), expired]);
    if (!isStream(method)) return result;
    const followed = follow(result, stopListening);
    isFollowed = true;
    return followed;
  } finally {
    clearTimeout(timer);
    if (!isFollowed) stopListening();
  }
}

/**
 * Applies the timeouts that methods declare: the call fails with `deadline_exceeded` and the handler's signal aborts. A handler
 * that continues nevertheless may still succeed; its caller does not learn the outcome.
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
