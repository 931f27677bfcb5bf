import { isRequestBound, onAbort, openWait } from "../../async/index.js";
import type { EventSlice, EventStore, RecordedEvent } from "../ports/index.js";
import { Follower, type FollowerOptions, type Tail, type Waiting } from "./follower.js";
import { LogReader } from "./log-reader.js";
import { type FollowedStreams, keyOf, keysOf, PastEvents } from "./past-events.js";
import { RecentEvents } from "./recent-events.js";
import type { SubscriptionRetry } from "./subscribe.js";

type Source = Pick<EventStore, "readAll" | "readStream" | "onAppend" | "head">;

/** The shared read of the log. */
interface Reading {
  readonly end: AbortController;
  readonly started: Promise<RecentEvents>;
  /** The recent events; undefined: it has not started. */
  recent: RecentEvents | undefined;
  reader: LogReader | undefined;
}

/** Follows the whole log, with the events in `EventTail.recent`. Its functions must not throw. */
export interface TailListener {
  /** The highest position that somebody waits for. */
  readonly expected: number;
  /** All events up to a position are read. */
  advanced(position: number): void;
  /** The read has failed, and starts again after a second with the events that are new by then. */
  failed(error: unknown): void;
}

/** Pause before a failed read starts again for listeners, in milliseconds. */
const restartPause = 1000;

/**
 * Limits of the buffer from which followers that are briefly busy continue. The age is short, since personal data in the buffer
 * stays readable after another process has erased its subject.
 */
const bufferLimits = { events: 1_000, bytes: 8 * 1024 * 1024, age: 10_000 };

/**
 * Follows the events of a store for many followers. New events are read once for all, and wake only the followers that they
 * concern. A follower that starts earlier or lags reads the store itself until it has caught up, without gaps.
 */
export class EventTail implements Tail {
  private readonly events: Source;
  private readonly isShared: boolean;
  /** Tails of one follower each. Weak references, so that requests that vanish leave none behind. */
  private readonly own = new Set<TailReference>();
  /** For such a tail: the set that contains it. */
  private readonly parent: { readonly own: Set<TailReference>; readonly self: TailReference } | undefined;
  private readonly waiting = new Map<string, Set<Waiting>>();
  private readonly listeners = new Set<TailListener>();
  private readonly pausing = new Set<() => void>();
  drops = 0;
  failure: { readonly error: unknown } | undefined;
  private followers = 0;
  private reading: Reading | undefined;

  /** Called each time that the store is unavailable. */
  readonly report: (retry: SubscriptionRetry) => void;

  /** `isShared`: whether one read may serve several requests; not on platforms that bind promises to their request. */
  constructor(
    events: Source,
    report: (retry: SubscriptionRetry) => void = () => {},
    isShared: boolean = !isRequestBound,
    own?: Set<TailReference>,
  ) {
    this.events = events;
    this.report = report;
    this.isShared = isShared;
    this.parent = own && { own, self: referTo(this) };
  }

  /** Delivers the events after a position, in order, until the signal aborts. Retries while the store is unavailable; rethrows other errors. */
  follow<Item>(followed: FollowedStreams, options: FollowerOptions<Item>): AsyncIterableIterator<Item> {
    return new Follower(this.ofRequest(), new PastEvents(this.events, followed), followed, options);
  }

  /** This tail or, where promises are bound to their request, one for the present request. */
  ofRequest(): EventTail {
    return this.isShared ? this : new EventTail(this.events, this.report, true, this.own);
  }

  /** Keeps reading on behalf of a listener. Returns the function that removes it. */
  listen(listener: TailListener): () => void {
    this.join();
    this.listeners.add(listener);
    this.openForListeners();
    return () => {
      this.listeners.delete(listener);
      this.leave();
    };
  }

  /** Reads soon what listeners expect. */
  wake(): void {
    this.reading?.reader?.wake();
  }

  /** Notes the last committed event, as found by another statement, which saves a poll. */
  found(last: number): void {
    this.reading?.reader?.found(last);
  }

  /** Discards all events that were read and not delivered yet: followers read them from the store again. */
  drop(): void {
    this.drops++;
    this.recent?.drop();
    for (const tail of this.each()) tail.drop();
  }

  /** Ends all current and future followers with an error. */
  stop(error: unknown): void {
    this.failure = { error };
    this.fail(error);
    for (const wake of this.pausing) wake();
    for (const tail of this.each()) tail.stop(error);
  }

  get recent(): RecentEvents | undefined {
    return this.reading?.recent;
  }

  join(): void {
    this.followers++;
    this.parent?.own.add(this.parent.self);
  }

  leave(): void {
    if (--this.followers > 0) return;
    this.reading?.end.abort();
    this.reading = undefined;
    this.parent?.own.delete(this.parent.self);
  }

  async pause(milliseconds: number, signal: AbortSignal | undefined): Promise<void> {
    if (this.failure !== undefined) return;
    const { ended, end } = openWait(milliseconds);
    this.pausing.add(end);
    const stopListening = onAbort(signal, end);
    await ended;
    stopListening();
    this.pausing.delete(end);
  }

  private *each(): Iterable<EventTail> {
    for (const reference of this.own) {
      const tail = reference.deref();
      if (tail === undefined) this.own.delete(reference);
      else yield tail;
    }
  }

  open(): Promise<RecentEvents> {
    if (this.reading !== undefined) return this.reading.started;
    const started = this.events.head().then((head) => {
      reading.recent = new RecentEvents(head, bufferLimits);
      for (const listener of this.listeners) listener.advanced(head);
      return reading.recent;
    });
    const reading: Reading = { end: new AbortController(), started, recent: undefined, reader: undefined };
    this.reading = reading;
    void this.run(reading);
    return started;
  }

  add(waiting: Waiting): void {
    const key = keyOf(waiting.followed);
    const known = this.waiting.get(key);
    if (known === undefined) this.waiting.set(key, new Set([waiting]));
    else known.add(waiting);
  }

  remove(waiting: Waiting): void {
    const key = keyOf(waiting.followed);
    const known = this.waiting.get(key);
    known?.delete(waiting);
    if (known?.size === 0) this.waiting.delete(key);
  }

  private async run(reading: Reading): Promise<void> {
    const { signal } = reading.end;
    try {
      const recent = await reading.started;
      const expected = () => Math.max(0, ...Array.from(this.listeners, (listener) => listener.expected));
      reading.reader = new LogReader(this.events, { after: recent.to, signal, expected, onRetry: this.report });
      for await (const slice of reading.reader.slices()) {
        if (this.reading !== reading) return;
        recent.add(slice);
        this.deliver(slice);
      }
    } catch (error) {
      if (this.reading !== reading) return;
      // The next follower starts a new read.
      this.reading = undefined;
      this.fail(error);
      for (const listener of this.listeners) listener.failed(error);
      await this.pause(restartPause, undefined);
      this.openForListeners();
    }
  }

  private openForListeners(): void {
    // `run` handles its failure.
    if (this.listeners.size > 0 && this.failure === undefined) this.open().catch(() => {});
  }

  private fail(error: unknown): void {
    const waiting = Array.from(this.waiting.values(), (known) => [...known]).flat();
    for (const one of waiting) one.fail(error);
  }

  private deliver({ events, position }: EventSlice): void {
    for (const listener of this.listeners) listener.advanced(position);
    const byKey = new Map<string, RecordedEvent[]>();
    for (const event of events) {
      for (const key of keysOf(event)) {
        if (!this.waiting.has(key)) continue;
        const before = byKey.get(key);
        if (before === undefined) byKey.set(key, [event]);
        else before.push(event);
      }
    }
    // A copy: followers remove themselves during the iteration.
    for (const [key, concerned] of byKey) {
      for (const one of [...(this.waiting.get(key) ?? [])]) one.offer(concerned, position);
    }
  }
}

/** A weak reference to a tail. */
type TailReference = Pick<WeakRef<EventTail>, "deref">;

/** Falls back to a strong reference on platforms without weak references. */
function referTo(tail: EventTail): TailReference {
  return typeof WeakRef === "function" ? new WeakRef(tail) : { deref: () => tail };
}
