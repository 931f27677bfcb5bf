import { type Backoff, onAbort, retryDelay, sleep, WakeSignal } from "../../async/index.js";
import { isWorthRetrying } from "../../errors/index.js";
import type { EventFilter, EventSlice, EventStore } from "../ports/index.js";

/** What to follow, and from where. */
export interface SubscribeOptions {
  /** Only events beyond this position. Default 0: from the first on. */
  readonly after?: number;
  readonly filter?: EventFilter;
  /** Ends the subscription. */
  readonly signal?: AbortSignal;
  /** Most events in a slice. Default 500. */
  readonly batch?: number;
  /** How often to look for events of other processes, at the least: milliseconds. Default 250. */
  readonly maxWait?: number;
  /** Called each time that the store cannot be read for now: the subscription stays where it is, and tries again. */
  readonly onRetry?: (retry: SubscriptionRetry) => void;
}

/** A read of events that failed though nothing is wrong with it, and is tried again. */
export interface SubscriptionRetry {
  readonly error: unknown;
  /** How many reads have failed in a row. */
  readonly attempt: number;
  /** Milliseconds until the next one. */
  readonly retryIn: number;
}

/** Bounds of the wait while the store cannot be read, in milliseconds. */
export const unavailableBackoff: Backoff = { base: 50, cap: 5000 };

/**
 * Follows all events that fit: first those that are there, then what is appended, with no seam between. Each slice's
 * position is where to go on from; it moves also past events that the filter left out. The next slice is read when the
 * consumer asks for it, so a slow one holds back nobody and piles up nothing. While the store is away it waits, with growing
 * pauses, and goes on where it was. It throws when the store was stopped, or what it reads is wrong.
 */
export async function* subscribe(
  events: Pick<EventStore, "readAll" | "onAppend">,
  options: SubscribeOptions = {},
): AsyncGenerator<EventSlice, void, undefined> {
  const { filter, signal, batch = 500, maxWait = 250 } = options;
  const bell = new WakeSignal();
  const forget = events.onAppend(() => {
    bell.notify();
    if (bell.isAbandoned) forget();
  });
  const forgetSignal = onAbort(signal, () => bell.notify());
  try {
    let position = options.after ?? 0;
    let wait = minWait;
    let failures = 0;
    while (signal?.aborted !== true) {
      // Before the read: what is appended during it must not be slept through.
      bell.arm();
      let slice: EventSlice;
      try {
        slice = await events.readAll(position, batch, filter);
        failures = 0;
      } catch (error) {
        if (!isWorthRetrying(error)) throw error;
        const retryIn = retryDelay(++failures, unavailableBackoff);
        options.onRetry?.({ error, attempt: failures, retryIn });
        await sleep(retryIn, signal);
        continue;
      }
      if (slice.position > position) {
        position = slice.position;
        wait = minWait;
        yield slice;
      } else {
        await bell.wait(wait);
        wait = Math.min(wait * 2, maxWait);
      }
    }
  } finally {
    forgetSignal();
    forget();
  }
}

/** The first wait for events of other processes, in milliseconds: doubles while nothing comes. */
const minWait = 5;
