/** Tells listeners within this process that events were appended; several appends may be told at once. */
export class AppendSignal {
  private readonly listeners = new Set<() => void>();
  private pending = false;

  /** Calls back after appends. Returns the function that ends it. A listener must not throw. */
  listen(listener: () => void): () => void {
    // Wrapped, so that the same function given twice is two listeners, each with an end of its own.
    const entry = () => listener();
    this.listeners.add(entry);
    return () => {
      this.listeners.delete(entry);
    };
  }

  notify(): void {
    if (this.listeners.size === 0 || this.pending) return;
    this.pending = true;
    queueMicrotask(() => {
      this.pending = false;
      for (const listener of this.listeners) listener();
    });
  }
}
