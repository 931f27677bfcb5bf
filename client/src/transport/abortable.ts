import { toAbortError } from "./failure.js";

/**
 * Reads items until a signal is aborted, also if their source does not look at it: then this throws, and the source is left. It is
 * left too when this is read no further.
 */
export async function* abortable<Item>(
  items: AsyncIterable<Item>,
  signal: AbortSignal | undefined,
): AsyncGenerator<Item, void, undefined> {
  if (signal === undefined) return yield* items;
  const iterator = items[Symbol.asyncIterator]();
  let fail: (error: unknown) => void = () => {};
  const abort = () => fail(toAbortError(signal));
  let isOver = false;
  signal.addEventListener("abort", abort);
  try {
    for (;;) {
      if (signal.aborted) throw toAbortError(signal);
      const result = await new Promise<IteratorResult<Item>>((resolve, reject) => {
        fail = reject;
        iterator.next().then(resolve, (error) => {
          isOver = true;
          reject(error);
        });
      });
      isOver = result.done === true;
      if (result.done) return;
      yield result.value;
    }
  } finally {
    signal.removeEventListener("abort", abort);
    const left = isOver ? undefined : iterator.return?.();
    // A source that waits for something may not be left before that has come, and nobody waits for it any more.
    if (signal.aborted) left?.catch(() => {});
    else await left;
  }
}
