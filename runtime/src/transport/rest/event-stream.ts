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
}

/**
 * Writes items as server-sent events (HTML standard, 9.2): `data` is one item, `id` counts from 1. The last event
 * is `end` when there are no more items, and `error` with a problem when there was one, so that a client can tell
 * both from a broken connection.
 */
export async function* writeEventStream<Item>(options: EventStreamOptions<Item>): AsyncGenerator<string> {
  const iterator = options.items[Symbol.asyncIterator]();
  const interruption = new Interruption(options.signal, options.heartbeat);
  let done = false;
  try {
    let id = 0;
    let next = iterator.next();
    while (!options.signal.aborted) {
      const result = await Promise.race([next, interruption.wait()]);
      if (result === "aborted") return;
      if (result === "silence") {
        yield ":\n\n";
      } else if (result.done === true) {
        done = true;
        yield "event: end\ndata:\n\n";
        return;
      } else {
        yield `id: ${++id}\ndata: ${options.toData(result.value)}\n\n`;
        next = iterator.next();
      }
    }
  } catch (error) {
    done = true;
    // What fails because its client has gone is not told to anybody.
    if (!options.signal.aborted) yield `event: error\ndata: ${options.toErrorData(error)}\n\n`;
  } finally {
    interruption.end();
    // Not awaited: a source that is waiting for something only returns when that has come.
    if (!done) iterator.return?.().catch(() => {});
  }
}

/** Waits for silence or the end, with one listener and one timer at a time. */
class Interruption {
  private readonly signal: AbortSignal;
  private readonly milliseconds: number;
  private timer: ReturnType<typeof setTimeout> | undefined;
  private resolve: ((reason: "aborted" | "silence") => void) | undefined;
  private readonly abort = (): void => this.resolve?.("aborted");

  constructor(signal: AbortSignal, milliseconds: number) {
    this.signal = signal;
    this.milliseconds = milliseconds;
    signal.addEventListener("abort", this.abort);
  }

  wait(): Promise<"aborted" | "silence"> {
    clearTimeout(this.timer);
    return new Promise((resolve) => {
      this.resolve = resolve;
      this.timer = setTimeout(resolve, this.milliseconds, "silence");
    });
  }

  end(): void {
    clearTimeout(this.timer);
    this.signal.removeEventListener("abort", this.abort);
  }
}
