/** A random wait before the next try, in milliseconds: up to a bound that doubles with each try. So those that failed together part. */
export function retryDelay(attempt: number, { base, cap }: { readonly base: number; readonly cap: number }): number {
  return Math.random() * Math.min(cap, base * 2 ** attempt);
}

/** Waits whatever comes, unless the signal aborts. */
export function sleep(milliseconds: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    const end = () => {
      clearTimeout(timer);
      signal.removeEventListener("abort", end);
      resolve();
    };
    const timer = setTimeout(end, milliseconds);
    signal.addEventListener("abort", end);
    if (signal.aborted) end();
  });
}
