import { eventIdOf } from "../../cqrs/index.js";
import { Interruption } from "./interruption.js";
import { Reading } from "./reading.js";

/** What an event stream is made of. */
export interface EventStreamOptions<Item> {
  readonly items: AsyncIterable<Item>;
  /** Writes an item as JSON on one line. */
  toData(item: Item): string;
  /** What clients are told of an error: a problem as JSON on one line. */
  toErrorData(error: unknown): string;
  /** Ends the stream. */
  readonly signal: AbortSignal;
  /** Milliseconds of silence after which a comment is sent, so that proxies keep the connection. */
  readonly heartbeat: number;
  /** Milliseconds after which clients are to connect again when the connection broke. */
  readonly retry?: number | undefined;
}

/** How long the head of an answer waits for the first item, in milliseconds, since after it no status can tell of an error. */
const patience = 50;

/**
 * Begins to read items and gives them as server-sent events (HTML standard, 9.2): `data` is one item, `id` the one that it
 * was given. The last event is `end` when there are no more items, and `error` with a problem when there was one, so that a
 * client can tell both from a broken connection. Rejects with an error that comes at once, instead of any item.
 */
export async function openEventStream<Item>(options: EventStreamOptions<Item>): Promise<AsyncIterable<string>> {
  const iterator = options.items[Symbol.asyncIterator]();
  const first = iterator.next();
  let timer: ReturnType<typeof setTimeout> | undefined;
  const patient = new Promise<void>((resolve) => {
    timer = setTimeout(resolve, patience);
  });
  try {
    await Promise.race([first, patient]);
  } finally {
    clearTimeout(timer);
  }
  // What fails later is told by whoever reads on.
  first.catch(() => {});
  return new Reading(iterator, writeEvents(iterator, first, options));
}

async function* writeEvents<Item>(
  iterator: AsyncIterator<Item>,
  first: Promise<IteratorResult<Item>>,
  { toData, toErrorData, signal, heartbeat, retry }: EventStreamOptions<Item>,
): AsyncGenerator<string> {
  const interruption = new Interruption(signal, heartbeat);
  let done = false;
  try {
    if (retry !== undefined) yield `retry: ${retry}\n\n`;
    let next = first;
    while (!signal.aborted) {
      const result = await Promise.race([next, interruption.wait()]);
      if (result === "aborted") return;
      if (result === "silence") {
        yield ":\n\n";
      } else if (result.done === true) {
        done = true;
        yield "event: end\ndata:\n\n";
        return;
      } else {
        const id = eventIdOf(result.value);
        yield `${id === undefined ? "" : `id: ${id}\n`}data: ${toData(result.value)}\n\n`;
        next = iterator.next();
      }
    }
  } catch (error) {
    // What fails because its client has gone is not told to anybody.
    if (!signal.aborted) yield `event: error\ndata: ${toErrorData(error)}\n\n`;
  } finally {
    interruption.end();
    if (!done) Reading.release(iterator);
  }
}
