import { onAbort } from "./on-abort.js";

/** Bounds of the wait before another try, in milliseconds. */
export interface Backoff {
  readonly base: number;
  readonly cap: number;
}

/** A random wait before the next try, in milliseconds: up to a bound that doubles with each try. So those that failed together part. */
export function retryDelay(attempt: number, { base, cap }: Backoff): number {
  return Math.random() * Math.min(cap, base * 2 ** attempt);
}

/** Waits whatever comes, unless the signal aborts. */
export function sleep(milliseconds: number, signal: AbortSignal | undefined): Promise<void> {
  return new Promise((resolve) => {
    let stopListening = (): void => {};
    const end = () => {
      clearTimeout(timer);
      stopListening();
      resolve();
    };
    const timer = setTimeout(end, milliseconds);
    stopListening = onAbort(signal, end);
  });
}
