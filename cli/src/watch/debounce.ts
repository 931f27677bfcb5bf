/** The time, as a debounce needs it. */
export interface Timers {
  /** Milliseconds, from any start. */
  now(): number;
  /** Calls a function after some milliseconds. Returns a function that cancels it. */
  schedule(milliseconds: number, act: () => void): () => void;
}

/** Waits until events have ended. */
export interface Debounce {
  /** Something has changed. */
  note(): void;
  /** Forgets all that was noted. */
  cancel(): void;
}

/** How long no event must come, in milliseconds: after one event, and after more than twenty, as of a branch switch. */
const quietAfterOne = 60;
const quietAfterMany = 300;
/** How long it waits at most, from the first event on. */
const longest = 2000;

/** Calls `act` once after each burst of events: soon after a single one, later after many, and not while `isBusy`. */
export function createDebounce(act: () => void, isBusy: () => boolean, timers: Timers): Debounce {
  let count = 0;
  let first = 0;
  let last = 0;
  let cancel: (() => void) | undefined;

  const look = (): void => {
    const now = timers.now();
    const quiet = count > 20 ? quietAfterMany : quietAfterOne + (count - 1) * 12;
    const due = Math.min(last + quiet, first + longest);
    if (now < due) wait(due - now);
    else if (now < first + longest && isBusy()) wait(Math.min(quietAfterOne, first + longest - now));
    else {
      count = 0;
      cancel = undefined;
      act();
    }
  };
  const wait = (milliseconds: number): void => {
    cancel = timers.schedule(milliseconds, look);
  };

  return {
    note: () => {
      last = timers.now();
      if (count === 0) first = last;
      count++;
      if (cancel === undefined) wait(quietAfterOne);
    },
    cancel: () => {
      cancel?.();
      cancel = undefined;
      count = 0;
    },
  };
}

/** The timers of this process. */
export const systemTimers: Timers = {
  now: () => performance.now(),
  schedule: (milliseconds, act) => {
    const timer = setTimeout(act, milliseconds);
    return () => clearTimeout(timer);
  },
};
