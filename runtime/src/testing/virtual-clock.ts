import type { Clock } from "../cqrs/index.js";
import { newId } from "../message/index.js";

/** A clock that tests move forward. */
export interface VirtualClock extends Clock {
  /** Moves it forward by so many milliseconds. Timers that become due fire at the next poll of their engine. */
  advance(milliseconds: number): void;
}

/**
 * Creates a clock that runs at the speed of time and can be moved forward, for `memory({ clock })` and `createApp({ clock })`. `start`:
 * its first time; default: now.
 */
export function virtualClock(start: Date = new Date()): VirtualClock {
  const createdAt = performance.now();
  let base = start.getTime();
  return {
    // Whole milliseconds, as of any Date.
    now: () => new Date(Math.floor(base + performance.now() - createdAt)),
    newId,
    advance(milliseconds) {
      if (!Number.isFinite(milliseconds) || milliseconds < 0) {
        throw new RangeError(`a clock advances by milliseconds, from 0: got ${milliseconds}`);
      }
      base += milliseconds;
    },
  };
}
