import type { EventSlice, EventStore, RecordedEvent } from "./event-store.js";
import { concerns, type Followed, PastEvents } from "./past-events.js";
import { RecentEvents } from "./recent-events.js";
import { subscribe } from "./subscribe.js";

type Source = Pick<EventStore, "readAll" | "readStream" | "onAppend" | "head">;

/** The one who reads for all. */
interface Reading {
  readonly end: AbortController;
  readonly started: Promise<RecentEvents>;
  /** What it has read last; undefined: it has not begun. */
  recent: RecentEvents | undefined;
}

/** Somebody who has had all there is. */
interface Waiter {
  readonly followed: Followed;
  readonly after: number;
  resolve(slice: EventSlice | undefined): void;
  reject(error: unknown): void;
}

/**
 * Events that are kept so that one who is at work on a few need not read the next from the store. Not for long: what is personal
 * in them is readable here, also when another process has made it forgotten.
 */
const kept = { events: 1_000, bytes: 8 * 1024 * 1024, age: 10_000 };

/**
 * Follows the events of a store on behalf of many. What is new is read once for all, and only those are woken whom it concerns.
 * Whoever begins earlier or falls behind reads the store by himself until he has caught up. There is no seam between.
 */
export class EventTail {
  private readonly events: Source;
  private readonly waiters = new Map<string, Set<Waiter>>();
  private followers = 0;
  private reading: Reading | undefined;

  constructor(events: Source) {
    this.events = events;
  }

  /** The events beyond a position in their order, until the signal aborts. Throws what the store throws. */
  async *follow(
    followed: Followed,
    after: number,
    signal?: AbortSignal,
  ): AsyncGenerator<readonly RecordedEvent[], void, undefined> {
    const past = new PastEvents(this.events, followed);
    let waiter: Waiter | undefined;
    const stop = (): void => waiter?.resolve(undefined);
    const isOver = (): boolean => signal?.aborted === true;
    signal?.addEventListener("abort", stop);
    this.followers++;
    try {
      for (let position = after; !isOver(); ) {
        const reading = this.open();
        const recent = reading.recent ?? (await reading.started);
        // From here to where one begins to wait nothing else may come between.
        if (this.reading !== reading || isOver()) continue;
        let slice: EventSlice | undefined;
        if (!recent.reaches(position)) slice = await past.read(position);
        else {
          slice = recent.after(position, (event) => concerns(event, followed));
          slice ??= await new Promise((resolve, reject) => {
            waiter = { followed, after: position, resolve, reject };
            this.add(waiter);
          });
        }
        if (waiter !== undefined) this.remove(waiter);
        waiter = undefined;
        if (slice === undefined) return;
        position = Math.max(position, slice.position);
        if (slice.events.length > 0) yield slice.events;
      }
    } finally {
      signal?.removeEventListener("abort", stop);
      if (waiter !== undefined) this.remove(waiter);
      this.followers--;
      if (this.followers === 0) this.close();
    }
  }

  /** Lets go of the events that are kept: whoever wants them reads the store. */
  drop(): void {
    this.reading?.recent?.drop();
  }

  private open(): Reading {
    if (this.reading !== undefined) return this.reading;
    const reading: Reading = { end: new AbortController(), started: this.events.head().then(begin), recent: undefined };
    function begin(head: number): RecentEvents {
      reading.recent = new RecentEvents(head, kept);
      return reading.recent;
    }
    this.reading = reading;
    void this.run(reading);
    return reading;
  }

  private async run(reading: Reading): Promise<void> {
    const { signal } = reading.end;
    try {
      const recent = await reading.started;
      for await (const slice of subscribe(this.events, { after: recent.to, signal })) {
        if (this.reading !== reading) return;
        recent.add(slice);
        this.deliver(slice);
      }
    } catch (error) {
      if (this.reading !== reading) return;
      // Whoever comes next begins anew.
      this.reading = undefined;
      for (const waiters of [...this.waiters.values()]) for (const waiter of waiters) waiter.reject(error);
    }
  }

  private close(): void {
    this.reading?.end.abort();
    this.reading = undefined;
  }

  private deliver({ events, position }: EventSlice): void {
    const found = new Map<Waiter, RecordedEvent[]>();
    for (const event of events) {
      for (const key of [keyOf(event.stream.type, undefined), keyOf(event.stream.type, event.stream.id)]) {
        for (const waiter of this.waiters.get(key) ?? []) {
          if (event.position <= waiter.after || !concerns(event, waiter.followed)) continue;
          const before = found.get(waiter);
          if (before === undefined) found.set(waiter, [event]);
          else before.push(event);
        }
      }
    }
    for (const [waiter, concerned] of found) waiter.resolve({ events: concerned, position });
  }

  private add(waiter: Waiter): void {
    const key = keyOf(waiter.followed.streamType, waiter.followed.id);
    const waiters = this.waiters.get(key);
    if (waiters === undefined) this.waiters.set(key, new Set([waiter]));
    else waiters.add(waiter);
  }

  private remove(waiter: Waiter): void {
    const key = keyOf(waiter.followed.streamType, waiter.followed.id);
    const waiters = this.waiters.get(key);
    waiters?.delete(waiter);
    if (waiters?.size === 0) this.waiters.delete(key);
  }
}

function keyOf(streamType: string, id: string | undefined): string {
  return id === undefined ? `${streamType}\n` : `${streamType}\n=${id}`;
}
