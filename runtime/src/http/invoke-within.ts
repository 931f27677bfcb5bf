import { type CallOptions, type CallResult, type CarriedWait, followStream, runWithin } from "../cqrs/index.js";
import type { BoundMethod } from "./transport.js";

/** The options of a call whose signal a deadline replaces. */
export interface LimitedCall extends CallOptions {
  deadline: AbortSignal | undefined;
  /** Receives the deadline as its `limit`. */
  readonly wait?: CarriedWait | undefined;
}

/**
 * Calls a method within the deadline of a transport, in milliseconds. Rejects with `deadline_exceeded` when the time has passed. If the
 * client waits for more than the response, the deadline ends the wait, and the call succeeds once its command has taken effect.
 * `isChosen`: the client has chosen the deadline.
 */
export function invokeWithin(
  bound: BoundMethod,
  request: unknown,
  call: LimitedCall,
  milliseconds: number,
  isChosen: boolean,
): Promise<CallResult> {
  const outer = call.signal;
  const run = <Result>(invoke: () => Promise<Result>): Promise<Result> => {
    const within = (signal: AbortSignal) => {
      call.deadline = signal;
      return invoke();
    };
    return runWithin(milliseconds, bound.method, outer, within, follow, isChosen);
  };
  if (call.wait === undefined) return run(() => bound.invoke(request, call));
  call.wait.limit = { milliseconds, run };
  return bound.invoke(request, call);
}

/** Whatever is run has the result of the call. */
const follow = followStream as <Result>(result: Result, end: () => void) => Result;
