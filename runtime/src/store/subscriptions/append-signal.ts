/** Notifies listeners in this process of appends. Several appends may be one notification. */
export class AppendSignal {
  private readonly listeners = new Set<(position?: number) => void>();
  private pending = false;
  /** The highest position of the pending appends; undefined: that of one is unknown. */
  private position: number | undefined = 0;

  /** Adds a listener, which must not throw. Returns the function that removes it. */
  listen(listener: (position?: number) => void): () => void {
    // Wrapped, so that the same function added twice is two listeners.
    const entry = (position?: number) => listener(position);
    this.listeners.add(entry);
    return () => {
      this.listeners.delete(entry);
    };
  }

  /** Calls the listeners soon, once for all notifications until then. `position`: that of the last event; undefined: unknown. */
  notify(position?: number): void {
    if (this.listeners.size === 0) return;
    this.position =
      position === undefined || this.position === undefined ? undefined : Math.max(this.position, position);
    if (this.pending) return;
    this.pending = true;
    queueMicrotask(() => {
      const last = this.position;
      this.pending = false;
      this.position = 0;
      for (const listener of this.listeners) listener(last);
    });
  }
}
