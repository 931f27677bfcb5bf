import { isPositionLost } from "../errors/index.js";
import { Attempts, type Connection } from "../resilience/index.js";
import type { Answer, Next, OutgoingCall, StreamItem } from "../transport/index.js";
import type { StreamOptions } from "./options.js";
import type { ReportState } from "./stream-call.js";

/** How a stream continues after a fault. */
export interface ResumeOptions extends Pick<StreamOptions, "onLost" | "retry"> {
  /** Whether the stream begins with the current state, so that it may start over. */
  readonly watch: boolean;
}

/** How many ids are remembered to recognize items that a server repeats. */
const remembered = 100;

/** Opens server streams, and opens them again after a fault where the last item was: without gap and without repetition. */
export function resuming(connection: Connection, options: ResumeOptions, report: ReportState): Next {
  return async (call) => {
    const retry = options.retry === false ? undefined : connection.retry;
    const stream = new ResumingStream(call, new Attempts(connection, call, retry), options, report);
    const answer = await stream.open();
    return { ...answer, response: stream.itemsFrom(answer) };
  };
}

/** Opens a stream once: what was taken from its requests cannot be sent again. */
export function once(connection: Connection, report: ReportState): Next {
  return async (call) => {
    const attempts = new Attempts(connection, call, undefined);
    try {
      const answer = await attempts.send();
      report("open");
      return { ...answer, response: ending(answer.response as AsyncIterable<StreamItem>, attempts) };
    } catch (error) {
      attempts.end();
      throw error;
    }
  };
}

async function* ending(
  items: AsyncIterable<StreamItem>,
  attempts: Attempts,
): AsyncGenerator<StreamItem, void, undefined> {
  try {
    yield* items;
  } finally {
    attempts.end();
  }
}

class ResumingStream {
  readonly #attempts: Attempts;
  readonly #options: ResumeOptions;
  readonly #report: ReportState;
  readonly #seen: Set<string> = new Set();
  #lastId: string | undefined;
  #lastText: string | undefined;
  #wasOpen = false;

  constructor(call: OutgoingCall, attempts: Attempts, options: ResumeOptions, report: ReportState) {
    this.#attempts = attempts;
    this.#options = options;
    this.#report = report;
    this.#lastId = call.headers["last-event-id"] as string | undefined;
  }

  /** Opens the stream, with as many attempts as it takes. */
  async open(): Promise<Answer> {
    for (;;) {
      try {
        const headers = this.#lastId === undefined ? undefined : { "last-event-id": this.#lastId };
        const answer = await this.#attempts.send(headers);
        this.#report("open");
        this.#wasOpen = true;
        return answer;
      } catch (error) {
        await this.#recover(error);
      }
    }
  }

  /** The items of an answer, and of those with which the stream continues. */
  async *itemsFrom(first: Answer): AsyncGenerator<StreamItem, void, undefined> {
    try {
      for (let answer = first; ; answer = await this.open()) {
        try {
          for await (const item of answer.response as AsyncIterable<StreamItem>) {
            this.#attempts.succeed();
            if (!this.#isNew(item)) continue;
            yield item;
          }
          return;
        } catch (error) {
          if (this.#lastId === undefined && this.#lastText !== undefined && !this.#options.watch) throw error;
          await this.#recover(error);
        }
      }
    } finally {
      this.#attempts.end();
    }
  }

  async #recover(error: unknown): Promise<void> {
    if (this.#lastId !== undefined && isPositionLost(error) && this.#options.onLost !== undefined) {
      this.#lastId = undefined;
      this.#options.onLost();
      return;
    }
    try {
      if (this.#wasOpen) this.#report("reconnecting", error);
      await this.#attempts.recover(error, this.#wasOpen);
    } catch (final) {
      this.#attempts.end();
      throw final;
    }
  }

  /** Whether an item was not delivered before. */
  #isNew(item: StreamItem): boolean {
    const { id, message } = item;
    if (!("message" in item)) {
      this.#lastId = id;
      return false;
    }
    if (id !== undefined) {
      if (this.#seen.has(id)) return false;
      this.#seen.add(id);
      this.#lastId = id;
      if (this.#seen.size > remembered) this.#seen.delete(this.#seen.values().next().value as string);
      return true;
    }
    const text = this.#options.watch ? JSON.stringify(message, bigintAsText) : "";
    const isRepeated = text !== "" && text === this.#lastText;
    this.#lastText = text;
    return !isRepeated;
  }
}

function bigintAsText(_key: string, value: unknown): unknown {
  return typeof value === "bigint" ? `${value}n` : value;
}
