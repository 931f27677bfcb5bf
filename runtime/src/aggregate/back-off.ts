/** Waits before another try: full jitter, at most 5 ms after the first, doubling to 80 ms. Rejects when the caller has gone. */
export function backOff(attempt: number, signal: AbortSignal | undefined): Promise<void> {
  signal?.throwIfAborted();
  const delay = Math.random() * Math.min(5 * 2 ** (attempt - 1), 80);
  return new Promise((resolve) => setTimeout(resolve, delay));
}
