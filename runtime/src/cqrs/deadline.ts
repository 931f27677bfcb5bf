import { onAbort } from "../async/index.js";
import { PotterError } from "../errors/index.js";
import type { AnyMethod } from "./method.js";

/** The longest wait that a timer can be set to. */
const longest = 2 ** 31 - 1;

/**
 * Calls something for a limited time, in milliseconds, with a signal that aborts at its end or with the outer signal. When
 * the time has passed it rejects with `deadline_exceeded`; what goes on all the same may still succeed, unknown to the
 * caller. A stream must begin in that time; then it goes on, and its signal is that of its caller.
 */
export async function runWithin<Result>(
  milliseconds: number,
  { name, stream }: Pick<AnyMethod, "name" | "stream">,
  outer: AbortSignal | undefined,
  run: (signal: AbortSignal) => Promise<Result>,
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
  try {
    return await Promise.race([run(controller.signal), expired]);
  } finally {
    clearTimeout(timer);
    if (stream === "unary" || stream === "client") forget();
  }
}
