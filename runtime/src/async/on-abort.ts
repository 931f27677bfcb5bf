/** The callbacks that wait for each signal. */
const waiting = new WeakMap<AbortSignal, Waiting>();

/**
 * Calls back once when the signal aborts, or at once if it has. Returns the function that removes the callback. All callbacks of
 * a signal share one listener, since Node.js reports many listeners as a memory leak.
 */
export function onAbort(signal: AbortSignal | undefined, callback: () => void): () => void {
  if (signal === undefined) return () => {};
  if (signal.aborted) {
    callback();
    return () => {};
  }
  let all = waiting.get(signal);
  if (all === undefined) {
    all = new Waiting(signal);
    waiting.set(signal, all);
  }
  return all.add(callback);
}

class Waiting {
  private readonly signal: AbortSignal;
  private readonly callbacks = new Set<() => void>();

  constructor(signal: AbortSignal) {
    this.signal = signal;
  }

  add(callback: () => void): () => void {
    const { signal, callbacks } = this;
    // Wrapped, so that the same function can be added twice and removed separately.
    const entry = () => callback();
    if (callbacks.size === 0) signal.addEventListener("abort", this.fire);
    callbacks.add(entry);
    return () => {
      if (callbacks.delete(entry) && callbacks.size === 0) signal.removeEventListener("abort", this.fire);
    };
  }

  private readonly fire = (): void => {
    const all = [...this.callbacks];
    this.callbacks.clear();
    this.signal.removeEventListener("abort", this.fire);
    for (const callback of all) callback();
  };
}
