import { PotterClientError } from "../errors/index.js";
import { toAbortError } from "../transport/index.js";

/** When a call ends at the latest, whatever it is doing. */
export interface Deadline {
  /** Aborted by the caller, or when the time has passed. Undefined: neither can happen. */
  readonly signal: AbortSignal | undefined;
  /** Milliseconds left. Undefined: no limit. */
  left(): number | undefined;
  /** Resolves as the promise does, or rejects when the call must end. One promise at a time. */
  race<T>(promise: Promise<T>): Promise<T>;
  /** Ends the deadline. Call it when the call has ended. */
  end(): void;
}

/** The longest time that timers can wait. */
const longest = 2 ** 31 - 1;

/** Starts the deadline of a call. `timeout` 0 or undefined: none. */
export function startDeadline(timeout: number | undefined, outer: AbortSignal | undefined): Deadline {
  if (!timeout && !outer) return { signal: outer, left: () => undefined, race: (promise) => promise, end: () => {} };
  const controller = new AbortController();
  const { signal } = controller;
  const ends = timeout ? Date.now() + timeout : undefined;
  // What a listener of the signal would do, which costs a call more than all of its promises.
  let fail: (error: unknown) => void = () => {};
  const abort = (reason: unknown) => {
    controller.abort(reason);
    fail(toAbortError(signal));
  };
  const cancel = () => abort(outer?.reason);
  const expire = () => abort(new PotterClientError("deadline_exceeded", `no answer within ${timeout} ms`));
  const timer = timeout && setTimeout(expire, Math.min(timeout, longest));
  if (outer?.aborted) cancel();
  else outer?.addEventListener("abort", cancel);
  return {
    signal,
    left: () => ends && Math.max(ends - Date.now(), 1),
    race: (promise) =>
      new Promise((resolve, reject) => {
        fail = reject;
        if (signal.aborted) cancel();
        promise.then(resolve, reject);
      }),
    end() {
      clearTimeout(timer);
      outer?.removeEventListener("abort", cancel);
    },
  };
}

/** Waits some milliseconds. Rejects when the call must end. */
export function pause(milliseconds: number, deadline: Deadline): Promise<void> {
  let timer: ReturnType<typeof setTimeout> | undefined;
  const passed = new Promise<void>((resolve) => {
    timer = setTimeout(resolve, Math.min(milliseconds, longest));
  });
  return deadline.race(passed).finally(() => clearTimeout(timer));
}
