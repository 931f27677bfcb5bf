import { PotterClientError } from "../errors/index.js";
import { toAbortError } from "../transport/index.js";
import type { Connection } from "./connection.js";

/** When a call ends at the latest, whatever it is doing. */
export interface Deadline {
  /** Aborted by the caller, when the time has passed, or when the client is closed. */
  readonly signal: AbortSignal;
  /** Milliseconds left. Undefined: no limit. Throws the error of the call if it must end. */
  left(): number | undefined;
  /** Begins something, unless the call must end. Resolves as it does, or rejects when the call must end. One at a time. */
  race<T>(begin: () => Promise<T>): Promise<T>;
  /** Ends the deadline. Call it when the call has ended. */
  end(): void;
}

/** The longest time that timers can wait. */
const longest = 2 ** 31 - 1;

/**
 * Starts the deadline of a call, which its signal ends too, and the end of its client. `timeout` 0, undefined, or longer than timers
 * can wait: no limit.
 */
export function startDeadline(
  timeout: number | undefined,
  outer: AbortSignal | undefined,
  { closing }: Pick<Connection, "closing">,
): Deadline {
  const controller = new AbortController();
  const { signal } = controller;
  const isLimited = timeout && timeout <= longest;
  const ends = isLimited ? Date.now() + timeout : undefined;
  // What a listener of the signal would do, which costs a call more than all of its promises.
  let fail: (error: unknown) => void = () => {};
  const abort = (reason: unknown) => {
    controller.abort(reason);
    fail(toAbortError(signal));
  };
  const expire = () => abort(new PotterClientError("deadline_exceeded", `no answer within ${timeout} ms`));
  const timer = isLimited ? setTimeout(expire, timeout) : undefined;
  const cancel = () => abort(outer?.reason);
  if (outer?.aborted) cancel();
  outer?.addEventListener("abort", cancel);
  if (closing.reason) abort(closing.reason);
  closing.add(abort);
  const left = () => {
    if (signal.aborted) throw toAbortError(signal);
    return ends && Math.max(ends - Date.now(), 1);
  };
  return {
    signal,
    left,
    race: (begin) =>
      new Promise((resolve, reject) => {
        left();
        fail = reject;
        begin().then(resolve, reject);
      }),
    end() {
      clearTimeout(timer);
      outer?.removeEventListener("abort", cancel);
      closing.delete(abort);
    },
  };
}

/** Waits some milliseconds. Rejects when the call must end. */
export function pause(milliseconds: number, { race }: Deadline): Promise<void> {
  let timer: ReturnType<typeof setTimeout> | undefined;
  const wait = () =>
    new Promise<void>((resolve) => {
      timer = setTimeout(resolve, Math.min(milliseconds, longest));
    });
  return race(wait).finally(() => clearTimeout(timer));
}
