import type { EventStore, RecordedEvent } from "../ports/index.js";

/** Notifies listeners in this process of appends. Several appends may be one notification. */
export class AppendSignal {
  private readonly listeners = new Set<Parameters<EventStore["onAppend"]>[0]>();
  private pending = false;
  /** The highest position of the pending appends; undefined: that of one is unknown. */
  private position: number | undefined = 0;
  /** The known events of the pending appends. */
  private events: RecordedEvent[] = [];

  /** Adds a listener, which must not throw. Returns the function that removes it. */
  listen(listener: (position?: number, events?: readonly RecordedEvent[]) => void): () => void {
    // Wrapped, so that the same function added twice is two listeners.
    const entry: typeof listener = (position, events) => listener(position, events);
    this.listeners.add(entry);
    return () => {
      this.listeners.delete(entry);
    };
  }

  /** Whether anybody listens. */
  get hasListeners(): boolean {
    return this.listeners.size > 0;
  }

  /**
   * Calls the listeners soon, once for all notifications until then. `position`: that of the last event; undefined: unknown. `events`:
   * as they are stored, if that is known.
   */
  notify(position?: number, events: readonly RecordedEvent[] = []): void {
    if (this.listeners.size === 0) return;
    this.events.push(...events);
    this.position =
      position === undefined || this.position === undefined ? undefined : Math.max(this.position, position);
    if (this.pending) return;
    this.pending = true;
    queueMicrotask(() => {
      const { position: last, events: known } = this;
      this.pending = false;
      this.position = 0;
      this.events = [];
      for (const listener of this.listeners) listener(last, known);
    });
  }
}
