import type { EventFilter, EventSlice, EventStore, RecordedEvent } from "../store/ports/index.js";

/** Events per batch: at first, at least, and at most unless less is asked for. */
const firstBatch = 500;
const smallestBatch = 50;
const largestBatch = 5000;

export interface EventBatchesOptions {
  /** Most events in a batch. */
  readonly largest?: number;
  /** How long a batch should take at most, in milliseconds: the next ones are made smaller. */
  readonly longest: number;
}

/** Events in batches that fit the time they take, each looked for while the one before is applied. */
export class EventBatches {
  private readonly events: EventStore;
  private readonly filter: EventFilter;
  private readonly longest: number;
  private readonly largest: number;
  private size: number;
  private full = false;
  private ahead: { readonly after: number; readonly slice: Promise<EventSlice> } | undefined;

  constructor(events: EventStore, filter: EventFilter, { largest = largestBatch, longest }: EventBatchesOptions) {
    this.events = events;
    this.filter = filter;
    this.longest = longest;
    this.largest = largest;
    this.size = Math.min(firstBatch, largest);
  }

  /** What is behind a position. undefined: there was nothing at a time after the call. */
  async next(after: number): Promise<EventSlice | undefined> {
    const slice = (await this.takeAhead(after)) ?? (await this.events.readAll(after, this.size, this.filter));
    if (slice.position === after) return undefined;
    this.full = slice.events.length >= this.size;
    if (this.full) this.readAhead(slice.position);
    return slice;
  }

  /** The next event alone. */
  async nextAlone(after: number): Promise<EventSlice | undefined> {
    this.forget();
    const slice = await this.events.readAll(after, 1, this.filter);
    return slice.position === after ? undefined : slice;
  }

  /** Says how long the last batch took, in milliseconds. */
  took(milliseconds: number): void {
    if (milliseconds > this.longest) this.size = Math.max(smallestBatch, Math.floor(this.size / 2));
    else if (this.full) this.size = Math.min(this.largest, this.size * 2);
  }

  /** Drops what was read ahead. */
  forget(): void {
    this.ahead = undefined;
    this.full = false;
  }

  /** An event of a type at a position, if it is still there. */
  async at(position: number, type: string): Promise<RecordedEvent | undefined> {
    const { events } = await this.events.readAll(position - 1, 1, { ...this.filter, types: [type] });
    return events[0]?.position === position ? events[0] : undefined;
  }

  private readAhead(after: number): void {
    const slice = this.events.readAll(after, this.size, this.filter);
    slice.catch(() => {});
    this.ahead = { after, slice };
  }

  /** What was read ahead, unless it found nothing: that was before now, and what has come since would be slept through. */
  private async takeAhead(after: number): Promise<EventSlice | undefined> {
    const { ahead } = this;
    this.ahead = undefined;
    if (ahead?.after !== after) return undefined;
    const slice = await ahead.slice;
    return slice.position === after ? undefined : slice;
  }
}
