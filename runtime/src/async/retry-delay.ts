import { onAbort } from "./on-abort.js";

/** Bounds of the delay before a retry, in milliseconds. */
export interface Backoff {
  readonly base: number;
  readonly cap: number;
}

/** Exponential back-off with full jitter, in milliseconds: a random delay up to a bound that doubles with each attempt. */
export function retryDelay(attempt: number, { base, cap }: Backoff): number {
  return Math.random() * Math.min(cap, base * 2 ** attempt);
}

/** Waits for some milliseconds, or until the signal aborts. Never rejects. */
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
