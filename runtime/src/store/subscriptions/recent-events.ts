import type { EventSlice, RecordedEvent } from "../ports/index.js";

/** Limits of the buffer: number of events, bytes of their payloads, and age in milliseconds. */
export interface RecentLimits {
  readonly events: number;
  readonly bytes: number;
  readonly age: number;
}

/** The recent events of all streams, complete between `from` and `to`. */
export class RecentEvents {
  to: number;
  /** All events after this position, up to `to`, are buffered. */
  private from: number;
  private readonly limits: RecentLimits;
  private readonly events: RecordedEvent[] = [];
  /** When each event arrived. */
  private readonly times: number[] = [];
  private bytes = 0;

  constructor(position: number, limits: RecentLimits) {
    this.from = position;
    this.to = position;
    this.limits = limits;
  }

  /** Adds the next events and drops the oldest. */
  add({ events, position }: EventSlice): void {
    const now = performance.now();
    for (const event of events) {
      this.events.push(event);
      this.times.push(now);
      this.bytes += sizeOf(event);
    }
    this.to = position;
    this.trim(now);
  }

  /** Whether all events after a position are buffered. */
  reaches(position: number): boolean {
    this.trim(performance.now());
    return position >= this.from;
  }

  drop(): void {
    this.dropFirst(this.events.length);
  }

  /** Returns the matching events after a position; undefined: none. */
  after(position: number, fits: (event: RecordedEvent) => boolean): EventSlice | undefined {
    if (position >= this.to) return undefined;
    const events = this.events.slice(this.indexAfter(position)).filter(fits);
    return events.length === 0 ? undefined : { events, position: this.to };
  }

  /** Returns the matching events after a position, at most `limit`. The buffer must reach the position. */
  slice(position: number, limit: number, fits: (event: RecordedEvent) => boolean): EventSlice {
    const events: RecordedEvent[] = [];
    for (let i = this.indexAfter(position); i < this.events.length; i++) {
      const event = this.events[i] as RecordedEvent;
      if (!fits(event)) continue;
      events.push(event);
      if (events.length === limit) return { events, position: event.position };
    }
    return { events, position: Math.max(position, this.to) };
  }

  private trim(now: number): void {
    const { limits, events, times } = this;
    let [gone, bytes] = [0, this.bytes];
    while (
      gone < events.length &&
      (events.length - gone > limits.events || bytes > limits.bytes || now - (times[gone] as number) > limits.age)
    ) {
      bytes -= sizeOf(events[gone++] as RecordedEvent);
    }
    this.dropFirst(gone);
  }

  private dropFirst(count: number): void {
    if (count === 0) return;
    this.times.splice(0, count);
    for (const event of this.events.splice(0, count)) {
      this.bytes -= sizeOf(event);
      this.from = event.position;
    }
  }

  /** Index of the first event after a position. */
  private indexAfter(position: number): number {
    let [low, high] = [0, this.events.length];
    while (low < high) {
      const middle = (low + high) >> 1;
      if ((this.events[middle] as RecordedEvent).position <= position) low = middle + 1;
      else high = middle;
    }
    return low;
  }
}

function sizeOf({ bytes }: RecordedEvent): number {
  return bytes?.length ?? 0;
}
