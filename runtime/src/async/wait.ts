/**
 * Whether the platform ties promises and timers to the request in which they were made, as Cloudflare Workers do: no other request may
 * settle them, and none outlives its own.
 */
export const isRequestBound: boolean =
  (globalThis as { readonly navigator?: { readonly userAgent?: string } }).navigator?.userAgent ===
  "Cloudflare-Workers";

/** How often a wait looks whether it was ended, in milliseconds, where nobody else may end it. */
const lookInterval = 20;

/** A wait that ends by itself, or is ended before. */
export interface Wait {
  readonly ended: Promise<void>;
  end(): void;
  /** Whether its request has gone without a word, so that it never ends: where timers end with their request, nobody is told of that. */
  isAbandoned(): boolean;
}

/** After so many milliseconds without a look a wait is abandoned. */
const abandonedAfter = 60_000;

/**
 * Begins to wait for some milliseconds. Whoever ends it before may do so from within another request: where promises are bound to theirs,
 * the wait itself sees that it was ended.
 */
export function openWait(milliseconds: number, isBound: boolean = isRequestBound): Wait {
  if (isBound) return openBoundWait(milliseconds);
  let end = (): void => {};
  const ended = new Promise<void>((resolve) => {
    const timer = setTimeout(resolve, milliseconds);
    end = () => {
      clearTimeout(timer);
      resolve();
    };
  });
  return { ended, end, isAbandoned: () => false };
}

function openBoundWait(milliseconds: number): Wait {
  let left = milliseconds;
  let isEnded = false;
  let isOver = false;
  let lookedAt = Date.now();
  const ended = new Promise<void>((resolve) => {
    const look = (): void => {
      lookedAt = Date.now();
      isOver = isEnded || left <= 0;
      if (isOver) {
        resolve();
        return;
      }
      const step = Math.min(left, lookInterval);
      left -= step;
      setTimeout(look, step);
    };
    look();
  });
  return {
    ended,
    end() {
      isEnded = true;
    },
    isAbandoned: () => !isOver && Date.now() - lookedAt > abandonedAfter,
  };
}
