import { onAbort, onEnd } from "../async/index.js";
import { PotterError } from "../errors/index.js";
import type { CallResult } from "./call.js";
import { withContext } from "./call-context.js";
import { eventIdOf, withStreamItemId } from "./event-id.js";
import type { AnyMethod } from "./method.js";
import type { Middleware } from "./middleware.js";

/** The longest wait that a timer can be set to. */
const longest = 2 ** 31 - 1;

/** The result of a call whose answer is a stream; calls back once that has ended. */
export function followStream(result: CallResult, end: () => void): CallResult {
  const items = result.response as AsyncIterable<unknown>;
  const followed = onEnd(items, end);
  const id = eventIdOf(items);
  return { ...result, response: id === undefined ? followed : withStreamItemId(followed, id) };
}

/**
 * Calls something for a limited time, in milliseconds, with a signal that aborts at its end or with the outer signal. When
 * the time has passed it rejects with `deadline_exceeded`; what goes on all the same may still succeed, unknown to the
 * caller. A stream must begin in that time; then it goes on, and its signal is that of its caller. `follow` gives the same
 * result, and calls back when its stream has ended: the outer signal may outlive it by far.
 */
export async function runWithin<Result>(
  milliseconds: number,
  { name, stream }: Pick<AnyMethod, "name" | "stream">,
  outer: AbortSignal | undefined,
  run: (signal: AbortSignal) => Promise<Result>,
  follow: (result: Result, end: () => void) => Result,
): Promise<Result> {
  const controller = new AbortController();
  const abort = () => controller.abort(outer?.reason);
  const forget = onAbort(outer, abort);
  let timer: ReturnType<typeof setTimeout> | undefined;
  const expired = new Promise<never>((_, reject) => {
    timer = setTimeout(
      () => {
        const error = new PotterError("deadline_exceeded", `${name} took longer than ${milliseconds} ms`);
        reject(error);
        // After it, so that what the handler makes of its signal comes too late.
        controller.abort(error);
      },
      Math.min(milliseconds, longest),
    );
  });
  let isFollowed = false;
  try {
    const result = await Promise.race([run(controller.signal), expired]);
    if (stream === "unary" || stream === "client") return result;
    const followed = follow(result, forget);
    isFollowed = true;
    return followed;
  } finally {
    clearTimeout(timer);
    if (!isFollowed) forget();
  }
}

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
