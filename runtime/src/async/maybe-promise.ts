/** A value, or a promise of it. For work that is done at once in the common case, so that it makes no promise. */
export type MaybePromise<T> = T | Promise<T>;

export function isPromise<T>(value: MaybePromise<T>): value is Promise<T> {
  // By its method: the promises of another realm are no instances of this one's class.
  return typeof (value as { readonly then?: unknown } | null | undefined)?.then === "function";
}

/** Continues with a value: at once, or when its promise is fulfilled. */
export function andThen<T, R>(value: MaybePromise<T>, next: (value: T) => MaybePromise<R>): MaybePromise<R> {
  return isPromise(value) ? value.then(next) : next(value);
}

/**
 * Maps items, and waits for the results that are promises. All of them are awaited even if one call throws, so that no rejection
 * stays unhandled.
 */
export function mapAll<T, R>(
  items: readonly T[],
  map: (item: T, index: number) => MaybePromise<R>,
): MaybePromise<readonly R[]> {
  let waits = false;
  const results = items.map((item, i): MaybePromise<R> => {
    let result: MaybePromise<R>;
    try {
      result = map(item, i);
    } catch (error) {
      result = Promise.reject(error);
    }
    waits ||= isPromise(result);
    return result;
  });
  return waits ? Promise.all(results) : (results as R[]);
}
