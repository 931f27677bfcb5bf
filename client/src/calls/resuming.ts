import { isPositionLost, PotterClientError } from "../errors/index.js";
import { Attempts, type Connection } from "../resilience/index.js";
import type { Answer, Next, OutgoingCall, ResponseHeaders, StreamItem } from "../transport/index.js";
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
    const stream = new ResumingStream(connection, call, options, report);
    const answer = await stream.open();
    return { ...answer, response: stream.itemsFrom(answer) };
  };
}

/** Opens a stream once: what was taken from its requests cannot be sent again. `onEnd`: called when it has ended. */
export function once(connection: Connection, report: ReportState, onEnd: () => void): Next {
  return async (call) => {
    const attempts = new Attempts(connection, call, false);
    const end = () => {
      attempts.end();
      onEnd();
    };
    try {
      const answer = await attempts.send();
      report("open");
      const items = async function* () {
        try {
          yield* answer.response as AsyncIterable<StreamItem>;
        } finally {
          end();
        }
      };
      return { ...answer, response: items() };
    } catch (error) {
      end();
      throw error;
    }
  };
}

class ResumingStream {
  readonly #attempts: Attempts;
  readonly #options: ResumeOptions;
  readonly #report: ReportState;
  readonly #seen: Set<string> = new Set();
  #lastId: string | undefined;
  #lastText: string | undefined;
  #attempt = 1;
  #wasOpen = false;
  /** Whether an item was delivered whose position is unknown: to start over would repeat it. */
  #isUnknown = false;

  constructor(connection: Connection, call: OutgoingCall, options: ResumeOptions, report: ReportState) {
    const { "last-event-id": id, ...headers } = call.headers;
    this.#lastId = id as string | undefined;
    this.#attempts = new Attempts(connection, { ...call, headers }, options.retry);
    this.#options = options;
    this.#report = report;
  }

  /** Opens the stream, with as many attempts as it takes. */
  async open(): Promise<Answer> {
    for (;;) {
      try {
        const id = this.#lastId;
        const answer = await this.#attempts.send(id ? { "last-event-id": id } : {});
        this.#report("open");
        this.#wasOpen = true;
        this.#attempt = 0;
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
          yield* this.#read(answer);
          return;
        } catch (error) {
          await this.#recover(error);
        }
      }
    } finally {
      this.#attempts.end();
    }
  }

  /** The new items of an answer. Its headers have the position at which it begins, its trailers the one at which it ends. */
  async *#read({ response, headers, trailers }: Answer): AsyncGenerator<StreamItem, void, undefined> {
    const positionIn = (fields?: ResponseHeaders): StreamItem[] => {
      const id = fields?.get("last-event-id");
      if (!id) return [];
      this.#moveTo(id);
      return [{ id }];
    };
    yield* positionIn(headers);
    try {
      for await (const item of response as AsyncIterable<StreamItem>) {
        this.#attempts.succeed();
        if (this.#isNew(item)) yield item;
      }
    } catch (error) {
      yield* positionIn(trailers);
      throw error;
    }
    yield* positionIn(trailers);
  }

  /** Waits before the next attempt. Throws if there must be none. */
  async #recover(error: unknown): Promise<void> {
    const { onLost } = this.#options;
    try {
      let delay = 0;
      let isLost = this.#isUnknown;
      if (this.#lastId !== undefined && isPositionLost(error) && onLost !== undefined) isLost = true;
      else delay = this.#attempts.next(error, this.#wasOpen);
      if (isLost) {
        if (onLost === undefined) throw toLostError(error as PotterClientError);
        this.#lastId = undefined;
        this.#isUnknown = false;
        // A store that was restored has other items under the same ids.
        this.#seen.clear();
        this.#lastText = undefined;
        onLost();
      }
      this.#attempt++;
      this.#report(this.#wasOpen ? "reconnecting" : "connecting", {
        attempt: this.#attempt,
        error: error as PotterClientError,
      });
      await this.#attempts.wait(delay);
    } catch (final) {
      this.#attempts.end();
      throw final;
    }
  }

  #moveTo(id: string): void {
    this.#lastId = id;
    this.#isUnknown = false;
  }

  /** Whether an item was not delivered before. */
  #isNew(item: StreamItem): boolean {
    const { id, message } = item;
    if (id !== undefined) {
      if (this.#seen.has(id)) return false;
      this.#moveTo(id);
      if (!("message" in item)) return true;
      this.#seen.add(id);
      if (this.#seen.size > remembered) this.#seen.delete(this.#seen.values().next().value as string);
      return true;
    }
    if (!this.#options.watch) {
      this.#isUnknown = true;
      return true;
    }
    const text = JSON.stringify(message, bigintAsText);
    const isRepeated = text === this.#lastText;
    this.#lastText = text;
    return !isRepeated;
  }
}

/** The fault of a stream that cannot continue: with the code and the details of the fault. */
function toLostError(error: PotterClientError): PotterClientError {
  const message = `${error.message}: the position of its last item is unknown`;
  const lost = { typeName: "google.rpc.ErrorInfo", json: { reason: "POSITION_LOST", domain: "potter" } };
  const details = [...error.details, lost];
  return new PotterClientError(error.code, message, { ...(error as object), details, cause: error });
}

function bigintAsText(_key: string, value: unknown): unknown {
  return typeof value === "bigint" ? `${value}n` : value;
}
