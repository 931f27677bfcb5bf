/**
 * Whether the platform binds promises and timers to the request that created them, as Cloudflare Workers do: other requests
 * must not settle them, and they end with their request.
 */
export const isRequestBound: boolean =
  (globalThis as { readonly navigator?: { readonly userAgent?: string } }).navigator?.userAgent ===
  "Cloudflare-Workers";

/** The interval at which a request-bound wait checks whether it was ended, in milliseconds. */
const checkInterval = 20;

/** A wait that ends after its time, or earlier when `end` is called. */
export interface Wait {
  readonly ended: Promise<void>;
  end(): void;
  /** Whether the wait will never end, because its request has ended and its timers with it. */
  isAbandoned(): boolean;
}

/** A request-bound wait counts as abandoned when it has not checked for this time, in milliseconds. */
const abandonedAfter = 60_000;

/**
 * Starts a wait of some milliseconds. Another request may end it: where promises are bound to their request, the wait itself
 * polls whether it was ended.
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
  let checkedAt = Date.now();
  const ended = new Promise<void>((resolve) => {
    const check = (): void => {
      checkedAt = Date.now();
      isOver = isEnded || left <= 0;
      if (isOver) {
        resolve();
        return;
      }
      const step = Math.min(left, checkInterval);
      left -= step;
      setTimeout(check, step);
    };
    check();
  });
  return {
    ended,
    end() {
      isEnded = true;
    },
    isAbandoned: () => !isOver && Date.now() - checkedAt > abandonedAfter,
  };
}
