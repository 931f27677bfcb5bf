import { PotterClientError } from "../errors/index.js";
import { toAbortError } from "../transport/index.js";

/** When a call ends at the latest, whatever it is doing. */
export interface Deadline {
  /** Aborted by the caller, or when the time has passed. Undefined: neither can happen. */
  readonly signal: AbortSignal | undefined;
  /** Milliseconds left. Undefined: no limit. */
  left(): number | undefined;
  /** Ends the deadline. Call it when the call has ended. */
  end(): void;
}

/** The longest time that timers can wait. */
const longest = 2 ** 31 - 1;

/** Starts the deadline of a call. `timeout` 0 or undefined: none. */
export function startDeadline(timeout: number | undefined, signal: AbortSignal | undefined): Deadline {
  if (!timeout) return { signal, left: () => undefined, end: () => {} };
  const controller = new AbortController();
  const ends = Date.now() + timeout;
  const expire = () => controller.abort(new PotterClientError("deadline_exceeded", `no answer within ${timeout} ms`));
  const cancel = () => controller.abort(signal?.reason);
  const timer = setTimeout(expire, Math.min(timeout, longest));
  if (signal?.aborted) cancel();
  else signal?.addEventListener("abort", cancel);
  return {
    signal: controller.signal,
    left: () => Math.max(ends - Date.now(), 1),
    end() {
      clearTimeout(timer);
      signal?.removeEventListener("abort", cancel);
    },
  };
}

/** Resolves as the promise does, or rejects when the signal is aborted. */
export function untilAborted<T>(promise: Promise<T>, signal: AbortSignal | undefined): Promise<T> {
  if (signal === undefined) return promise;
  return new Promise((resolve, reject) => {
    const abort = () => reject(toAbortError(signal));
    if (signal.aborted) abort();
    signal.addEventListener("abort", abort);
    promise.then(resolve, reject).finally(() => signal.removeEventListener("abort", abort));
  });
}

/** Waits some milliseconds. Rejects when the signal is aborted. */
export function pause(milliseconds: number, signal: AbortSignal | undefined): Promise<void> {
  let timer: ReturnType<typeof setTimeout> | undefined;
  const passed = new Promise<void>((resolve) => {
    timer = setTimeout(resolve, Math.min(milliseconds, longest));
  });
  return untilAborted(passed, signal).finally(() => clearTimeout(timer));
}
