/** Waits after a conflict: with full jitter, at most 5 ms after the first, doubling up to 80 ms. Throws if the signal has aborted. */
export function waitAfterConflict(attempt: number, signal: AbortSignal | undefined): Promise<void> {
  signal?.throwIfAborted();
  const delay = Math.random() * Math.min(5 * 2 ** (attempt - 1), 80);
  return new Promise((resolve) => setTimeout(resolve, delay));
}
