import type { EventSlice, RecordedEvent } from "../ports/index.js";

/** Most events that wait for those before them. Others are read from the store. */
const most = 2_000;

/** Events that this process has appended, until a reader of the log comes to their positions. */
export class OwnEvents {
  private readonly events = new Map<number, RecordedEvent>();

  add(events: readonly RecordedEvent[]): void {
    for (const event of events) {
      if (this.events.size >= most) return;
      this.events.set(event.position, event);
    }
  }

  get isEmpty(): boolean {
    return this.events.size === 0;
  }

  has(position: number): boolean {
    return this.events.has(position);
  }

  /** Takes the events that follow a position without a gap; undefined: there are none. */
  take(position: number, limit: number): EventSlice | undefined {
    const events: RecordedEvent[] = [];
    for (let next = this.events.get(position + 1); next !== undefined && events.length < limit; ) {
      events.push(next);
      this.events.delete(next.position);
      next = this.events.get(next.position + 1);
    }
    const last = events.at(-1);
    return last && { events, position: last.position };
  }

  /** Drops the events up to a position: they were read. */
  drop(position: number): void {
    for (const known of this.events.keys()) if (known <= position) this.events.delete(known);
  }
}
