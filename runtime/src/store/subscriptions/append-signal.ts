/** Notifies listeners in this process of appends. Several appends may be one notification. */
export class AppendSignal {
  private readonly listeners = new Set<() => void>();
  private pending = false;

  /** Adds a listener, which must not throw. Returns the function that removes it. */
  listen(listener: () => void): () => void {
    // Wrapped, so that the same function added twice is two listeners.
    const entry = () => listener();
    this.listeners.add(entry);
    return () => {
      this.listeners.delete(entry);
    };
  }

  /** Calls the listeners soon, once for all notifications until then. */
  notify(): void {
    if (this.listeners.size === 0 || this.pending) return;
    this.pending = true;
    queueMicrotask(() => {
      this.pending = false;
      for (const listener of this.listeners) listener();
    });
  }
}
