import { Bell } from "./bell.js";
import type { EventFilter, EventSlice, EventStore } from "./event-store.js";

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
}

/**
 * Follows all events that fit: first those that are there, then what is appended, with no seam between. Each slice's
 * position is where to go on from; it moves also past events that the filter left out. The next slice is read when the
 * consumer asks for it, so a slow one holds back nobody and piles up nothing.
 */
export async function* subscribe(
  events: Pick<EventStore, "readAll" | "onAppend">,
  options: SubscribeOptions = {},
): AsyncGenerator<EventSlice, void, undefined> {
  const { filter, signal, batch = 500, maxWait = 250 } = options;
  const bell = new Bell();
  const forget = events.onAppend(() => {
    bell.ring();
    if (bell.isAbandoned) forget();
  });
  const end = () => bell.ring();
  signal?.addEventListener("abort", end);
  try {
    let position = options.after ?? 0;
    let wait = minWait;
    while (signal?.aborted !== true) {
      // Before the read: what is appended during it must not be slept through.
      bell.arm();
      const slice = await events.readAll(position, batch, filter);
      if (slice.position > position) {
        position = slice.position;
        wait = minWait;
        yield slice;
      } else {
        await bell.rung(wait);
        wait = Math.min(wait * 2, maxWait);
      }
    }
  } finally {
    signal?.removeEventListener("abort", end);
    forget();
  }
}

/** The first wait for events of other processes, in milliseconds: doubles while nothing comes. */
const minWait = 5;
