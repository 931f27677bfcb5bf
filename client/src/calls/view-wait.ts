import { isPotterClientError } from "../errors/index.js";
import { pause, startDeadline } from "../resilience/index.js";
import type { Result } from "./call.js";
import type { CallOptions } from "./options.js";
import type { Caller } from "./prepare.js";
import type { ViewCondition, ViewOutcome } from "./until.js";

/** The longest pause between two queries, in milliseconds. */
const longestPause = 1_000;

/** Looks at a view until it is as expected, or the time is over. `given`: the options of its calls. */
export async function lookUntil<Response, View>(
  caller: Caller,
  result: Result<Response>,
  { view, request, where }: ViewCondition<Response, unknown, View>,
  within: number,
  given: CallOptions,
): Promise<ViewOutcome<Response, View>> {
  const asked = typeof request === "function" ? request(result.response) : request;
  const deadline = startDeadline(within || 1, given.signal, caller.connection);
  const options = { ...given, signal: deadline.signal, after: result.position ?? given.after };
  try {
    for (let wait = 50; !deadline.signal.aborted; wait = Math.min(wait * 2, longestPause)) {
      try {
        const call = view(caller, asked, options);
        const views = "then" in call ? [await call] : call;
        for await (const one of views) if (where(one)) return { ...result, state: "reached", view: one };
      } catch (error) {
        // Whatever prevents the view from being seen may pass: the command has taken effect.
        if (!isPotterClientError(error)) throw error;
      }
      await pause(wait, deadline).catch(() => {});
    }
    return { ...result, state: "pending" };
  } finally {
    deadline.end();
  }
}
