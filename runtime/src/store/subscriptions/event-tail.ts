import { isRequestBound, onAbort, openWait } from "../../async/index.js";
import type { EventSlice, EventStore, RecordedEvent } from "../ports/index.js";
import { Follower, type FollowerOptions, type Tail, type Waiting } from "./follower.js";
import { type FollowedStreams, PastEvents } from "./past-events.js";
import { RecentEvents } from "./recent-events.js";
import { type SubscriptionRetry, subscribe } from "./subscribe.js";

type Source = Pick<EventStore, "readAll" | "readStream" | "onAppend" | "head">;

/** The one who reads for all. */
interface Reading {
  readonly end: AbortController;
  readonly started: Promise<RecentEvents>;
  /** What it has read last; undefined: it has not begun. */
  recent: RecentEvents | undefined;
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
export class EventTail implements Tail {
  private readonly events: Source;
  private readonly isShared: boolean;
  /** Those that are read for one follower each. Held weakly: a request that has gone without a word leaves none of them. */
  private readonly own = new Set<Held>();
  /** Of one of those: takes it out, and in. */
  private readonly parent: { readonly own: Set<Held>; readonly self: Held } | undefined;
  private readonly waiting = new Map<string, Set<Waiting>>();
  private readonly pausing = new Set<() => void>();
  drops = 0;
  failure: { readonly error: unknown } | undefined;
  private followers = 0;
  private reading: Reading | undefined;

  /** Called each time that the store cannot be read for now. */
  readonly report: (retry: SubscriptionRetry) => void;

  /** `isShared`: whether one may read for all, so that a request is woken from within another. */
  constructor(
    events: Source,
    report: (retry: SubscriptionRetry) => void = () => {},
    isShared: boolean = !isRequestBound,
    own?: Set<Held>,
  ) {
    this.events = events;
    this.report = report;
    this.isShared = isShared;
    this.parent = own && { own, self: hold(this) };
  }

  /** The events beyond a position in their order, until the signal aborts. While the store is away it waits; what else it throws is thrown. */
  follow<Item>(followed: FollowedStreams, options: FollowerOptions<Item>): AsyncIterableIterator<Item> {
    const tail = this.isShared ? this : new EventTail(this.events, this.report, true, this.own);
    return new Follower(tail, new PastEvents(this.events, followed), followed, options);
  }

  /** Lets go of all events that were read and not given yet: whoever wants them reads the store. */
  drop(): void {
    this.drops++;
    this.recent?.drop();
    for (const tail of this.each()) tail.drop();
  }

  /** Ends all that follow, now and from now on, with an error. */
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
    const forget = onAbort(signal, end);
    await ended;
    forget();
    this.pausing.delete(end);
  }

  private *each(): Iterable<EventTail> {
    for (const held of this.own) {
      const tail = held.deref();
      if (tail === undefined) this.own.delete(held);
      else yield tail;
    }
  }

  open(): Promise<RecentEvents> {
    if (this.reading !== undefined) return this.reading.started;
    const started = this.events.head().then((head) => {
      reading.recent = new RecentEvents(head, kept);
      return reading.recent;
    });
    const reading: Reading = { end: new AbortController(), started, recent: undefined };
    this.reading = reading;
    void this.run(reading);
    return started;
  }

  add(waiting: Waiting): void {
    const key = keyOf(waiting.followed.streamType, waiting.followed.id);
    const known = this.waiting.get(key);
    if (known === undefined) this.waiting.set(key, new Set([waiting]));
    else known.add(waiting);
  }

  remove(waiting: Waiting): void {
    const key = keyOf(waiting.followed.streamType, waiting.followed.id);
    const known = this.waiting.get(key);
    known?.delete(waiting);
    if (known?.size === 0) this.waiting.delete(key);
  }

  private async run(reading: Reading): Promise<void> {
    const { signal } = reading.end;
    try {
      const recent = await reading.started;
      for await (const slice of subscribe(this.events, { after: recent.to, signal, onRetry: this.report })) {
        if (this.reading !== reading) return;
        recent.add(slice);
        this.deliver(slice);
      }
    } catch (error) {
      if (this.reading !== reading) return;
      // Whoever comes next begins anew.
      this.reading = undefined;
      this.fail(error);
    }
  }

  private fail(error: unknown): void {
    const waiting = Array.from(this.waiting.values(), (known) => [...known]).flat();
    for (const one of waiting) one.fail(error);
  }

  private deliver({ events, position }: EventSlice): void {
    const byKey = new Map<string, RecordedEvent[]>();
    for (const event of events) {
      const { type, id } = event.stream;
      for (const key of [keyOf(type, undefined), keyOf(type, id)]) {
        if (!this.waiting.has(key)) continue;
        const before = byKey.get(key);
        if (before === undefined) byKey.set(key, [event]);
        else before.push(event);
      }
    }
    // Each waits under one key. They leave it while they are gone through.
    for (const [key, concerned] of byKey) {
      for (const one of [...(this.waiting.get(key) ?? [])]) one.offer(concerned, position);
    }
  }
}

/** A tail, as long as somebody else has it too. */
type Held = Pick<WeakRef<EventTail>, "deref">;

/** Some platforms know no weak references. */
function hold(tail: EventTail): Held {
  return typeof WeakRef === "function" ? new WeakRef(tail) : { deref: () => tail };
}

function keyOf(streamType: string, id: string | undefined): string {
  return id === undefined ? `${streamType}\n` : `${streamType}\n=${id}`;
}
