import { onAbort, retryDelay } from "../../async/index.js";
import { isWorthRetrying } from "../../errors/index.js";
import type { EventSlice, RecordedEvent } from "../ports/index.js";
import { concerns, type FollowedStreams, type PastEvents } from "./past-events.js";
import type { RecentEvents } from "./recent-events.js";
import { type SubscriptionRetry, unavailableBackoff } from "./subscribe.js";

/** The shared tail, as a follower sees it. */
export interface Tail {
  /** The recent events, if the tail is reading. */
  readonly recent: RecentEvents | undefined;
  /** How many times buffered events were discarded. */
  readonly drops: number;
  /** The error that ended all followers. */
  readonly failure: { readonly error: unknown } | undefined;
  join(): void;
  /** Starts reading, unless it has started. */
  open(): Promise<RecentEvents>;
  /** Offers new events to the follower from now on. */
  add(follower: Waiting): void;
  remove(follower: Waiting): void;
  leave(): void;
  /** Waits some milliseconds, or until the signal aborts or all followers are ended. */
  pause(milliseconds: number, signal: AbortSignal | undefined): Promise<void>;
  /** Reports a read that failed and will be retried. */
  report(retry: SubscriptionRetry): void;
}

/** A follower that has caught up. */
export interface Waiting {
  readonly followed: FollowedStreams;
  offer(events: readonly RecordedEvent[], position: number): void;
  fail(error: unknown): void;
}

/** The start, mapping and end of a follower. */
export interface FollowerOptions<Item> {
  /** Only events after this position. */
  readonly after: number;
  readonly toItem: (event: RecordedEvent) => Item;
  readonly signal: AbortSignal | undefined;
}

interface PendingNext<Item> {
  resolve(step: IteratorResult<Item>): void;
  reject(error: unknown): void;
}

/** How long a slow follower may keep events that were read, in milliseconds. */
const longestReady = 10_000;

const done: IteratorReturnResult<undefined> = { done: true, value: undefined };

/**
 * Delivers events one by one to one consumer. Not a generator: with ten thousand followers each event would cost several promises,
 * and `return` would wait for an event that may never come.
 */
export class Follower<Item> implements AsyncIterableIterator<Item>, Waiting {
  readonly followed: FollowedStreams;
  private readonly tail: Tail;
  private readonly past: PastEvents;
  private readonly options: FollowerOptions<Item>;
  private stopListening: () => void = () => {};
  /** All events up to this position were delivered, or are `ready`. */
  private position: number;
  private ready: readonly RecordedEvent[] = [];
  private delivered = 0;
  private readyUntil = 0;
  private drops = 0;
  private pending: PendingNext<Item> | undefined;
  private state: "new" | "open" | "over" = "new";

  constructor(tail: Tail, past: PastEvents, followed: FollowedStreams, options: FollowerOptions<Item>) {
    this.tail = tail;
    this.past = past;
    this.followed = followed;
    this.options = options;
    this.position = options.after;
  }

  [Symbol.asyncIterator](): this {
    return this;
  }

  next(): Promise<IteratorResult<Item>> {
    if (this.state === "new") this.begin();
    if (this.state === "over") return Promise.resolve(done);
    if (this.tail.failure !== undefined) return this.failWith(this.tail.failure.error);
    if (this.delivered > 0) this.discardStale();
    if (this.delivered === this.ready.length) {
      const { recent } = this.tail;
      if (recent === undefined || !recent.reaches(this.position)) return this.catchUp();
      const slice = recent.after(this.position, (event) => concerns(event, this.followed));
      // Synchronous with the check above, so that no event arrives between check and wait.
      if (slice === undefined) return this.wait();
      this.take(slice);
    }
    return this.answer();
  }

  return(): Promise<IteratorResult<Item>> {
    this.end();
    return Promise.resolve(done);
  }

  offer(events: readonly RecordedEvent[], position: number): void {
    const isNew = (event: RecordedEvent): boolean => event.position > this.position && concerns(event, this.followed);
    const concerned = events.every(isNew) ? events : events.filter(isNew);
    if (concerned.length === 0) return;
    this.tail.remove(this);
    this.take({ events: concerned, position });
    const { pending } = this;
    this.pending = undefined;
    try {
      pending?.resolve(this.nextItem());
    } catch (error) {
      this.end();
      pending?.reject(error);
    }
  }

  fail(error: unknown): void {
    const { pending } = this;
    this.pending = undefined;
    this.end();
    pending?.reject(error);
  }

  private begin(): void {
    const { signal } = this.options;
    this.state = "open";
    this.tail.join();
    this.stopListening = onAbort(signal, () => this.end());
  }

  private end(): void {
    if (this.state === "open") {
      this.stopListening();
      this.tail.remove(this);
      this.tail.leave();
    }
    this.state = "over";
    this.ready = [];
    this.delivered = 0;
    this.pending?.resolve(done);
    this.pending = undefined;
  }

  private failWith(error: unknown): Promise<never> {
    this.end();
    return Promise.reject(error);
  }

  private async catchUp(): Promise<IteratorResult<Item>> {
    for (let attempt = 1; this.state === "open"; attempt++) {
      try {
        const recent = await this.tail.open();
        if (this.isOpen && !recent.reaches(this.position)) {
          const slice = await this.past.read(this.position);
          if (this.isOpen) this.take(slice);
        }
        return this.delivered < this.ready.length ? this.answer() : this.next();
      } catch (error) {
        if (!this.isOpen) return done;
        if (!isWorthRetrying(error)) {
          this.end();
          throw error;
        }
        const retryIn = retryDelay(attempt, unavailableBackoff);
        this.tail.report({ error, attempt, retryIn });
        await this.tail.pause(retryIn, this.options.signal);
        if (this.isOpen && this.tail.failure !== undefined) return this.failWith(this.tail.failure.error);
      }
    }
    return done;
  }

  /** A getter, so that TypeScript does not narrow the state across an await. */
  private get isOpen(): boolean {
    return this.state === "open";
  }

  private wait(): Promise<IteratorResult<Item>> {
    return new Promise((resolve, reject) => {
      this.pending = { resolve, reject };
      this.tail.add(this);
    });
  }

  private take({ events, position }: EventSlice): void {
    this.ready = events;
    this.delivered = 0;
    this.position = Math.max(this.position, position);
    if (events.length < 2) return;
    this.readyUntil = performance.now() + longestReady;
    this.drops = this.tail.drops;
  }

  /** Discards events that were ready for long, and reads them again: a data subject may have been erased since. */
  private discardStale(): void {
    if (this.delivered === this.ready.length) return;
    if (this.drops === this.tail.drops && performance.now() < this.readyUntil) return;
    const last = this.ready[this.delivered - 1] as RecordedEvent;
    this.position = last.position;
    this.past.rewind(last);
    this.ready = [];
    this.delivered = 0;
  }

  private answer(): Promise<IteratorResult<Item>> {
    try {
      return Promise.resolve(this.nextItem());
    } catch (error) {
      this.end();
      return Promise.reject(error);
    }
  }

  private nextItem(): IteratorResult<Item> {
    return { done: false, value: this.options.toItem(this.ready[this.delivered++] as RecordedEvent) };
  }
}
