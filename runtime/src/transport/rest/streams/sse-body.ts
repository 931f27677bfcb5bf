import { settlesWithin } from "../../../async/index.js";
import { streamItemIdOf } from "../../../cqrs/index.js";
import { type EventsOptions, heartbeatComment, releaseIterator, StreamBody, writeEvent } from "../../../http/index.js";

/** The source of an event stream, and how its items are written. */
export interface EventStreamSource<Item> extends Pick<EventsOptions, "retry"> {
  readonly items: AsyncIterable<Item>;
  /** Writes an item as JSON on one line. */
  toData(item: Item): string;
  /** Writes an error as a problem in JSON on one line. */
  toErrorData(error: unknown): string;
  /** Ends the stream. */
  readonly signal: AbortSignal;
  /** Milliseconds of silence after which a comment is sent. */
  readonly heartbeat: number;
}

/** How long the response head waits for the first item, in milliseconds: once it is sent, no status can report an error. */
const firstItemWait = 50;

/**
 * Starts to read items and returns them as server-sent events: `data` is an item, `id` the id that its handler gave it. The last
 * event is `end` after all items, or `error` with a problem, so that a client recognizes a broken connection. Rejects with
 * an error that occurs before the first item and within 50 ms.
 */
export async function openEventStream<Item>(source: EventStreamSource<Item>): Promise<AsyncIterable<string>> {
  const { toData, toErrorData, signal, heartbeat, retry } = source;
  const iterator = source.items[Symbol.asyncIterator]();
  const first = iterator.next();
  await settlesWithin(first, firstItemWait);
  // A later error is handled by the pull that meets it.
  first.catch(() => {});

  let head = retry === undefined ? undefined : `retry: ${retry}\n\n`;
  let next: Promise<IteratorResult<Item>> | undefined = first;
  let ended = false;
  const pull = async (): Promise<string | undefined> => {
    if (head !== undefined) {
      const text = head;
      head = undefined;
      return text;
    }
    if (ended) return undefined;
    try {
      const { done, value } = await (next ?? iterator.next());
      next = undefined;
      if (done !== true) return writeEvent({ id: streamItemIdOf(value), data: toData(value) });
      ended = true;
      return writeEvent({ event: "end", data: "" });
    } catch (error) {
      ended = true;
      releaseIterator(iterator);
      // An error because the client has gone is reported to nobody.
      return signal.aborted ? undefined : writeEvent({ event: "error", data: toErrorData(error) });
    }
  };
  const release = (): void => releaseIterator(iterator);
  return new StreamBody({ pull, release, signal, heartbeat: { interval: heartbeat, chunk: heartbeatComment } });
}
