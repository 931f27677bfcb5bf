import { onAbort, PollDelay, retryDelay, sleep, WakeSignal } from "../../async/index.js";
import { isWorthRetrying } from "../../errors/index.js";
import type { EventSlice, EventStore } from "../ports/index.js";
import { type SubscriptionRetry, unavailableBackoff } from "./subscribe.js";

/** The most events in a slice. */
const batch = 500;
/**
 * Bounds of the interval between polls for events of other processes, in milliseconds. The longest is half the interval of heartbeats
 * of projections, which save every second poll.
 */
const interval = { shortest: 20, longest: 1250 };

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
 * Reads all events of the log in order, for all readers of a process. Appends of this process are read at once; the store
 * reports their positions, so nothing is read twice. Events of other processes are found by polls: as often as such events have
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
    const stopListening = this.events.onAppend((position) => {
      if (position === undefined) this.hasUnknown = true;
      else this.appended = Math.max(this.appended, position);
      if (this.isExpecting) this.wakeSignal.notify();
      if (this.wakeSignal.isAbandoned) stopListening();
    });
    const stopAborting = onAbort(signal, () => this.wakeSignal.notify());
    let failures = 0;
    let isPoll = false;
    try {
      while (!signal.aborted) {
        // Before the read, so that an append during it ends the wait.
        this.wakeSignal.arm();
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
        const hasMoved = slice.position > this.position;
        if (isPoll) this.adapt(hasMoved);
        isPoll = false;
        if (hasMoved) {
          this.position = slice.position;
          this.urgent.reset();
          yield slice;
          if (slice.complete === undefined || slice.events.length >= batch) continue;
        }
        isPoll = await this.pause(slice);
      }
    } finally {
      stopAborting();
      stopListening();
    }
  }

  private get isExpecting(): boolean {
    return this.hasUnknown || Math.max(this.appended, this.options.expected()) > this.position;
  }

  /** Polls more often when they find events, and less often when they do not. */
  private adapt(found: boolean): void {
    const { shortest, longest } = interval;
    this.idle = found ? Math.max(shortest, this.idle / 2) : Math.min(longest, this.idle * 2);
  }

  /** Waits until the next read is due. true: it is a poll, since nothing is known to have been appended. */
  private async pause({ complete }: EventSlice): Promise<boolean> {
    if (this.isExpecting || complete === false) {
      await this.wakeSignal.wait(this.urgent.next());
      return false;
    }
    this.dueAt = performance.now() + this.idle;
    for (;;) {
      const left = this.dueAt - performance.now();
      if (left <= 0) return true;
      await this.wakeSignal.wait(left);
      this.wakeSignal.arm();
      if (this.isExpecting || this.options.signal.aborted) return false;
    }
  }
}
