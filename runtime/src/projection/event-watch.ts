import { WakeSignal } from "../async/index.js";
import type { EventStore } from "../store/ports/index.js";
import { keptInline } from "./status.js";

/** Bounds of the wait between two looks for events of other processes, in milliseconds: doubles while nothing comes. */
const minWait = 5;
const maxWait = 250;

/** Looks for new events on behalf of all projections of a process, and tells them. */
export class EventWatch {
  /** The highest settled position that was seen. */
  head = 0;
  private readonly events: EventStore;
  private readonly listeners = new Set<() => void>();
  private readonly bell = new WakeSignal();
  private stopped = false;
  private running: Promise<void> = Promise.resolve();
  private forget: () => void = () => {};

  constructor(events: EventStore) {
    this.events = events;
  }

  /** Calls back when there may be new events. Returns the function that ends it. */
  listen(listener: () => void): () => void {
    this.listeners.add(listener);
    return () => this.listeners.delete(listener);
  }

  start(): void {
    this.forget = this.events.onAppend(() => {
      this.tell();
      this.bell.notify();
    });
    this.running = this.look();
  }

  async stop(): Promise<void> {
    this.stopped = true;
    this.forget();
    this.bell.notify();
    await this.running;
  }

  /** A position that was read tells as much as a look; the checkpoint of what is kept inline is none. */
  saw(position: number): void {
    if (position > this.head && position < keptInline) this.head = position;
  }

  private async look(): Promise<void> {
    let told = 0;
    let wait = minWait;
    while (!this.stopped) {
      this.bell.arm();
      try {
        this.saw(await this.events.head());
        if (this.head > told) {
          told = this.head;
          wait = minWait;
          this.tell();
        }
      } catch {
        // Whoever reads the events will hear of it, and says so.
        wait = maxWait;
      }
      await this.bell.wait(wait);
      wait = Math.min(wait * 2, maxWait);
    }
  }

  private tell(): void {
    for (const listener of this.listeners) listener();
  }
}
