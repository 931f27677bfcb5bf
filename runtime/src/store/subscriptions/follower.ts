import { onAbort, retryDelay } from "../../async/index.js";
import { isWorthRetrying } from "../../errors/index.js";
import type { EventSlice, RecordedEvent } from "../ports/index.js";
import { concerns, type FollowedStreams, type PastEvents } from "./past-events.js";
import type { RecentEvents } from "./recent-events.js";
import { type SubscriptionRetry, unavailableBackoff } from "./subscribe.js";

/** What a follower has of the one who reads for all. */
export interface Tail {
  /** The last events, if they are being read. */
  readonly recent: RecentEvents | undefined;
  /** How often what was read was let go of. */
  readonly drops: number;
  /** What all that follow were ended with. */
  readonly failure: { readonly error: unknown } | undefined;
  join(): void;
  /** Sees to it that events are read. */
  open(): Promise<RecentEvents>;
  /** From now on the follower is offered what comes. */
  add(follower: Waiting): void;
  remove(follower: Waiting): void;
  leave(): void;
  /** Waits so many milliseconds, or until the signal aborts or all that follow are ended. */
  pause(milliseconds: number, signal: AbortSignal | undefined): Promise<void>;
  /** The store could not be read, and will be again. */
  report(retry: SubscriptionRetry): void;
}

/** Somebody who has had all there is. */
export interface Waiting {
  readonly followed: FollowedStreams;
  offer(events: readonly RecordedEvent[], position: number): void;
  fail(error: unknown): void;
}

/** What is made of a follower's events, and when they end. */
export interface FollowerOptions<Item> {
  /** Events beyond this position. */
  readonly after: number;
  readonly toItem: (event: RecordedEvent) => Item;
  readonly signal: AbortSignal | undefined;
}

interface PendingNext<Item> {
  resolve(step: IteratorResult<Item>): void;
  reject(error: unknown): void;
}

/** For so long, in milliseconds, events that were read wait for one who is slow. */
const longestReady = 10_000;

const done: IteratorReturnResult<undefined> = { done: true, value: undefined };

/**
 * The events that one follows, one by one, to be asked for one at a time. No generator: of ten thousand followers each event would
 * cost several promises, and `return` would wait for an event that may never come.
 */
export class Follower<Item> implements AsyncIterableIterator<Item>, Waiting {
  readonly followed: FollowedStreams;
  private readonly tail: Tail;
  private readonly past: PastEvents;
  private readonly options: FollowerOptions<Item>;
  private stopListening: () => void = () => {};
  /** All at or below it was given, or is `ready`. */
  private position: number;
  private ready: readonly RecordedEvent[] = [];
  private given = 0;
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
    if (this.given > 0) this.discardStale();
    if (this.given === this.ready.length) {
      const { recent } = this.tail;
      if (recent === undefined || !recent.reaches(this.position)) return this.catchUp();
      const slice = recent.after(this.position, (event) => concerns(event, this.followed));
      // Nothing may come between the look at what is there and the wait for what is not.
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
      pending?.resolve(this.give());
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
    this.given = 0;
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
        return this.given < this.ready.length ? this.answer() : this.next();
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

  /** Not to be narrowed: it may end while anything is awaited. */
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
    this.given = 0;
    this.position = Math.max(this.position, position);
    if (events.length < 2) return;
    this.readyUntil = performance.now() + longestReady;
    this.drops = this.tail.drops;
  }

  /** What has long been ready is read anew: somebody may have been forgotten since. */
  private discardStale(): void {
    if (this.given === this.ready.length) return;
    if (this.drops === this.tail.drops && performance.now() < this.readyUntil) return;
    const last = this.ready[this.given - 1] as RecordedEvent;
    this.position = last.position;
    this.past.goBack(last);
    this.ready = [];
    this.given = 0;
  }

  private answer(): Promise<IteratorResult<Item>> {
    try {
      return Promise.resolve(this.give());
    } catch (error) {
      this.end();
      return Promise.reject(error);
    }
  }

  private give(): IteratorResult<Item> {
    return { done: false, value: this.options.toItem(this.ready[this.given++] as RecordedEvent) };
  }
}
