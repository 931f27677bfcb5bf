import { onAbort, PollDelay, retryDelay, sleep, WakeSignal } from "../../async/index.js";
import { isWorthRetrying } from "../../errors/index.js";
import type { EventSlice, EventStore } from "../ports/index.js";
import { OwnEvents } from "./own-events.js";
import { type SubscriptionRetry, unavailableBackoff } from "./subscribe.js";

/** The most events in a slice. */
const batch = 500;
/**
 * Bounds of the interval between polls for events of other processes, in milliseconds. The longest is half the interval of heartbeats
 * of projections, which save every second poll.
 */
const interval = { shortest: 20, longest: 1250 };

/** How long an event that precedes those of this process is waited for before it is looked for, in milliseconds. */
const gapWait = 2;

export interface LogReaderOptions {
  /** Only events after this position. */
  readonly after: number;
  readonly signal: AbortSignal;
  /** The highest position that somebody waits for: until it is read, polls follow each other quickly. */
  readonly expected: () => number;
  /** Called each time that the store is unavailable. */
  readonly onRetry: (retry: SubscriptionRetry) => void;
}

/**
 * Reads all events of the log in order, for all readers of a process. Those that this process appends are not read, if the store
 * reports them and nothing is missing before them; otherwise they are read at once. Events of other processes are found by polls: as often as such events have
 * come lately, and about once a second while there are none.
 */
export class LogReader {
  private readonly events: Pick<EventStore, "readAll" | "onAppend">;
  private readonly options: LogReaderOptions;
  private readonly wakeSignal = new WakeSignal();
  private position: number;
  /** The highest position that is known to be appended. */
  private appended = 0;
  /** There was an append whose position is unknown. */
  private hasUnknown = false;
  /** The interval between polls. */
  private idle = interval.shortest;
  /** When the next poll is due, by `performance.now()`. */
  private dueAt = 0;
  private readonly own = new OwnEvents();
  /** When the store was read last, by `performance.now()`. */
  private readAt = 0;
  /** The delays while events are known to come. */
  private readonly urgent = new PollDelay();

  constructor(events: Pick<EventStore, "readAll" | "onAppend">, options: LogReaderOptions) {
    this.events = events;
    this.options = options;
    this.position = options.after;
  }

  /** Makes `expected` count at once. */
  wake(): void {
    this.wakeSignal.notify();
  }

  /** Notes the last committed event, as found otherwise: a poll that was due would have found the same. */
  found(last: number): void {
    this.appended = Math.max(this.appended, last);
    if (last <= this.position) this.dueAt = performance.now() + this.idle;
    else this.wakeSignal.notify();
  }

  /** Delivers the next events, until the signal aborts. Retries while the store is unavailable; throws other errors. */
  async *slices(): AsyncGenerator<EventSlice, void, undefined> {
    const { signal, onRetry } = this.options;
    const stopListening = this.events.onAppend((position, events = []) => {
      if (position === undefined) this.hasUnknown = true;
      else this.appended = Math.max(this.appended, position);
      this.own.add(events);
      if (this.isExpecting) this.wakeSignal.notify();
      if (this.wakeSignal.isAbandoned) stopListening();
    });
    const stopAborting = onAbort(signal, () => this.wakeSignal.notify());
    let failures = 0;
    let next: Next = "read";
    try {
      while (!signal.aborted) {
        // Before the read, so that an append during it ends the wait.
        this.wakeSignal.arm();
        const own = next === "own" ? this.takeOwn() : undefined;
        if (own !== undefined) {
          yield own;
          next = this.isExpecting && this.own.isEmpty ? "read" : await this.pause(undefined);
          continue;
        }
        this.hasUnknown = false;
        let slice: EventSlice;
        try {
          slice = await this.events.readAll(this.position, batch);
          failures = 0;
        } catch (error) {
          if (!isWorthRetrying(error)) throw error;
          const retryIn = retryDelay(++failures, unavailableBackoff);
          onRetry({ error, attempt: failures, retryIn });
          await sleep(retryIn, signal);
          continue;
        }
        this.readAt = performance.now();
        const hasMoved = slice.position > this.position;
        if (next === "poll") this.adapt(hasMoved);
        next = "read";
        if (hasMoved) {
          this.moveTo(slice.position);
          yield slice;
          if (slice.complete === undefined || slice.events.length >= batch) continue;
        }
        next = await this.pause(slice.complete);
      }
    } finally {
      stopAborting();
      stopListening();
    }
  }

  /** The next events of this process. undefined: the store must be read, at least now and then. */
  private takeOwn(): EventSlice | undefined {
    if (this.hasUnknown || performance.now() - this.readAt > interval.longest) return undefined;
    const slice = this.own.take(this.position, batch);
    if (slice !== undefined) this.moveTo(slice.position);
    return slice;
  }

  private moveTo(position: number): void {
    this.position = position;
    this.own.drop(position);
    this.urgent.reset();
  }

  private get isExpecting(): boolean {
    return this.hasUnknown || Math.max(this.appended, this.options.expected()) > this.position;
  }

  /** Polls more often when they find events, and less often when they do not. */
  private adapt(found: boolean): void {
    const { shortest, longest } = interval;
    this.idle = found ? Math.max(shortest, this.idle / 2) : Math.min(longest, this.idle * 2);
  }

  /** Waits until something is to be done. `complete`: of the last read. */
  private async pause(complete: boolean | undefined): Promise<Next> {
    const { own, position } = this;
    if (this.isExpecting || complete === false) {
      if (own.has(position + 1)) return "own";
      await this.wakeSignal.wait(own.isEmpty || complete === false ? this.urgent.next() : gapWait);
      return "own";
    }
    this.dueAt = performance.now() + this.idle;
    for (;;) {
      const left = this.dueAt - performance.now();
      if (left <= 0) return "poll";
      await this.wakeSignal.wait(left);
      this.wakeSignal.arm();
      if (this.options.signal.aborted) return "read";
      if (!this.isExpecting) continue;
      if (!own.isEmpty && !own.has(position + 1)) await this.wakeSignal.wait(gapWait);
      return "own";
    }
  }
}

/** What to do next: deliver own events, or read the store if the next ones are not there; read it; or poll. */
type Next = "own" | "read" | "poll";
