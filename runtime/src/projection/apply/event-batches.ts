import { toPredicate } from "../../store/events/index.js";
import type { EventFilter, EventSlice, EventStore, RecordedEvent } from "../../store/ports/index.js";
import type { RecentEvents } from "../../store/subscriptions/index.js";

/** Events per batch: of the first one, at least, and at most. */
const initialSize = 500;
const minSize = 50;
const maxSize = 5000;

export interface EventBatchesOptions {
  /** Most events in a batch. */
  readonly largest?: number;
  /** Fewest events that slow batches are reduced to. */
  readonly smallest?: number;
  /** How long applying a batch should take at most, in milliseconds: after a slower one, batches get smaller. */
  readonly longest: number;
  /** The recent events that this process has read anyway; undefined: none at present. Default: never. */
  readonly recent?: (() => RecentEvents | undefined) | undefined;
}

/**
 * Takes events in batches of adaptive size: recent ones from those that the process has read anyway, older ones from the store,
 * the next batch while the present one is applied.
 */
export class EventBatches {
  private readonly events: EventStore;
  private readonly filter: EventFilter;
  private readonly longest: number;
  private readonly largest: number;
  private readonly smallest: number;
  private readonly recent: () => RecentEvents | undefined;
  private readonly fits: (event: RecordedEvent) => boolean;
  private size: number;
  private full = false;
  private ahead: { readonly after: number; readonly slice: Promise<EventSlice> } | undefined;

  constructor(
    events: EventStore,
    filter: EventFilter,
    { largest = maxSize, smallest = minSize, longest, recent = () => undefined }: EventBatchesOptions,
  ) {
    this.events = events;
    this.filter = filter;
    this.fits = toPredicate(filter);
    this.recent = recent;
    this.longest = longest;
    this.largest = largest;
    this.smallest = smallest;
    this.size = Math.min(initialSize, largest);
  }

  /**
   * The events beyond a position. undefined: there are none among the recent events or, if the position is older, there were none in
   * the store at some time after the call.
   */
  async next(after: number): Promise<EventSlice | undefined> {
    const ahead = await this.takeAhead(after);
    const recent = this.recent();
    if (ahead === undefined && recent?.reaches(after) === true) {
      const slice = recent.slice(after, this.size, this.fits);
      this.full = slice.events.length >= this.size;
      return slice.position === after ? undefined : slice;
    }
    const slice = ahead ?? (await this.events.readAll(after, this.size, this.filter));
    if (slice.position === after) return undefined;
    this.full = slice.events.length >= this.size;
    if (this.full) this.readAhead(slice.position);
    return slice;
  }

  /** The next event alone. */
  async nextAlone(after: number): Promise<EventSlice | undefined> {
    this.discardReadAhead();
    const slice = await this.events.readAll(after, 1, this.filter);
    return slice.position === after ? undefined : slice;
  }

  /** Adapts the size of batches to the time that applying the last one took, in milliseconds. */
  recordDuration(milliseconds: number): void {
    if (milliseconds > this.longest) this.size = Math.max(this.smallest, Math.floor(this.size / 2));
    else if (this.full) this.size = Math.min(this.largest, this.size * 2);
  }

  /** Discards the batch that was read ahead. */
  discardReadAhead(): void {
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

  /** The batch that was read ahead, unless it is empty: events appended since would be missed. */
  private async takeAhead(after: number): Promise<EventSlice | undefined> {
    const { ahead } = this;
    this.ahead = undefined;
    if (ahead?.after !== after) return undefined;
    const slice = await ahead.slice;
    return slice.position === after ? undefined : slice;
  }
}
