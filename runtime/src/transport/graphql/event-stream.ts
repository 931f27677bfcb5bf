import type { ExecutionResult } from "graphql";

/** Milliseconds of silence after which a comment is sent, so that proxies keep the connection. */
const heartbeat = 15_000;

/**
 * Results as server-sent events, by the distinct connections mode of GraphQL over SSE: `next` for each, and `complete` when
 * there are no more. A result is asked for when the reader wants it, one at a time. `return` returns the source at once, also
 * while it is waited for.
 */
export function writeEvents(
  source: AsyncIterator<ExecutionResult>,
  toResult: (result: ExecutionResult) => ExecutionResult,
  toFailure: (error: unknown) => ExecutionResult,
): AsyncIterableIterator<string> {
  let pending: Promise<string | undefined> | undefined;
  let done = false;
  let failed = false;
  let wake = (): void => {};
  const pull = async (): Promise<string | undefined> => {
    // A source that failed may fail forever.
    if (failed) return undefined;
    try {
      const next = await source.next();
      return next.done === true ? undefined : eventOf(toResult(next.value));
    } catch (error) {
      failed = true;
      return eventOf(toFailure(error));
    }
  };
  return {
    [Symbol.asyncIterator]() {
      return this;
    },
    async next() {
      if (done) return { done: true, value: undefined };
      pending ??= pull();
      let timer: ReturnType<typeof setTimeout> | undefined;
      const silence = new Promise<":">((resolve) => {
        timer = setTimeout(resolve, heartbeat, ":");
        wake = () => resolve(":");
      });
      const text = await Promise.race([pending, silence]);
      clearTimeout(timer);
      if (done) return { done: true, value: undefined };
      if (text === ":") return { done: false, value: ":\n\n" };
      pending = undefined;
      if (text !== undefined) return { done: false, value: text };
      done = true;
      return { done: false, value: "event: complete\ndata:\n\n" };
    },
    async return() {
      done = true;
      wake();
      // A source that waits for its own next item would be waited for in vain.
      source.return?.().catch(() => {});
      return { done: true, value: undefined };
    },
  };
}

function eventOf(result: ExecutionResult): string {
  return `event: next\ndata: ${JSON.stringify(result)}\n\n`;
}
