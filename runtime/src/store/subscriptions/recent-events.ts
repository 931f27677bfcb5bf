import type { EventSlice, RecordedEvent } from "../ports/index.js";

/** Bounds of what is kept: events, bytes of their payloads, and for how long each is kept, in milliseconds. */
export interface RecentLimits {
  readonly events: number;
  readonly bytes: number;
  readonly age: number;
}

/** The last events of all streams, without a hole between `from` and `to`. */
export class RecentEvents {
  to: number;
  /** All events beyond this position and up to `to` are here. */
  private from: number;
  private readonly limits: RecentLimits;
  private readonly events: RecordedEvent[] = [];
  /** When each of them came. */
  private readonly times: number[] = [];
  private bytes = 0;

  constructor(position: number, limits: RecentLimits) {
    this.from = position;
    this.to = position;
    this.limits = limits;
  }

  /** Takes in what comes next, and lets go of the oldest. */
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

  /** Whether all that is beyond a position is here. */
  reaches(position: number): boolean {
    this.trim(performance.now());
    return position >= this.from;
  }

  drop(): void {
    this.dropFirst(this.events.length);
  }

  /** What fits beyond a position. undefined: nothing. */
  after(position: number, fits: (event: RecordedEvent) => boolean): EventSlice | undefined {
    if (position >= this.to) return undefined;
    const events = this.events.slice(this.placeAfter(position)).filter(fits);
    return events.length === 0 ? undefined : { events, position: this.to };
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

  /** The place of the first event beyond a position. */
  private placeAfter(position: number): number {
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
