import { type Backoff, onAbort, PollDelay, retryDelay, sleep, WakeSignal } from "../../async/index.js";
import { isWorthRetrying } from "../../errors/index.js";
import type { EventFilter, EventSlice, EventStore } from "../ports/index.js";

/** Selects the events of a subscription, and its start. */
export interface SubscribeOptions {
  /** Only events after this position. Default 0: all events. */
  readonly after?: number;
  /** Which events are delivered. Default: all. */
  readonly filter?: EventFilter;
  /** Ends the subscription. */
  readonly signal?: AbortSignal;
  /** The most events in a slice. Default 500. */
  readonly batch?: number;
  /** The longest interval between polls for events of other processes, in milliseconds. Default 250. */
  readonly maxWait?: number;
  /** Called each time that the store is unavailable: the subscription keeps its position and retries. */
  readonly onRetry?: (retry: SubscriptionRetry) => void;
}

/** A read that failed because the store is unavailable, and will be retried. */
export interface SubscriptionRetry {
  /** Why the read failed. */
  readonly error: unknown;
  /** Number of consecutive failures. */
  readonly attempt: number;
  /** Milliseconds until the next attempt. */
  readonly retryIn: number;
}

/** Backoff while the store is unavailable, in milliseconds. */
export const unavailableBackoff: Backoff = { base: 50, cap: 5000 };

/**
 * Delivers the events that match a filter: history, then live events, without gaps. Continue after the position of the last slice;
 * it also moves past events that the filter left out. The next slice is read when the consumer requests it, so a slow consumer
 * delays no other and nothing is buffered. While the store is unavailable, the subscription retries with exponential backoff.
 * Throws when the store was stopped, or for errors that a retry cannot solve.
 */
export async function* subscribe(
  events: Pick<EventStore, "readAll" | "onAppend">,
  options: SubscribeOptions = {},
): AsyncGenerator<EventSlice, void, undefined> {
  const { filter, signal, batch = 500, maxWait = 250 } = options;
  const wakeSignal = new WakeSignal();
  const stopListening = events.onAppend(() => {
    wakeSignal.notify();
    if (wakeSignal.isAbandoned) stopListening();
  });
  const stopAborting = onAbort(signal, () => wakeSignal.notify());
  try {
    let position = options.after ?? 0;
    const delay = new PollDelay(maxWait);
    let failures = 0;
    while (signal?.aborted !== true) {
      // Before the read, so that an append during it ends the wait.
      wakeSignal.arm();
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
        delay.reset();
        yield slice;
      } else {
        await wakeSignal.wait(delay.next());
      }
    }
  } finally {
    stopAborting();
    stopListening();
  }
}
