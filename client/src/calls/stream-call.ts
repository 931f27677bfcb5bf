import type { MethodInfo } from "../contract/index.js";
import { type CallError, type Outcome, PotterClientError, toClientError } from "../errors/index.js";
import type { Answer, Next, StreamItem } from "../transport/index.js";
import type { StreamChange, StreamOptions, StreamState } from "./options.js";
import { type Caller, prepare, sendThrough } from "./prepare.js";

/** An item of a stream with its position. */
export interface Item<Message> {
  /** The message. */
  readonly message: Message;
  /** Where a later call can continue, as the option `lastEventId`. Absent: the transport or the method has no positions. */
  readonly id?: string;
}

/** Tells the state of a stream while it runs. */
export type ReportState = (state: StreamState, change?: StreamChange) => void;

/** A call whose response is a stream: an async iterable, which begins when it is first read, and can be read once. */
export class StreamCall<Message, Errors> implements AsyncIterable<Message> {
  readonly #open: () => Promise<Answer>;
  readonly #onState: StreamOptions["onState"];
  #answer: Promise<Answer> | undefined;
  #state: StreamState = "connecting";
  #lastEventId: string | undefined;
  #isRead = false;

  constructor(
    caller: Caller,
    method: MethodInfo,
    request: unknown,
    options: StreamOptions,
    createLast: (report: ReportState) => Next,
  ) {
    this.#onState = options.onState;
    this.#lastEventId = options.lastEventId;
    const last = createLast((state, change) => this.#report(state, change));
    const { connection } = caller;
    this.#open = () => {
      this.#report("connecting", { attempt: 1 });
      // The limit of a contract is for a response to begin: a stream of responses has none here.
      const { timeout = 0 } = options;
      return sendThrough(connection, prepare(connection, method, request, { ...options, timeout }), last);
    };
  }

  /** The state of the stream. */
  get state(): StreamState {
    return this.#state;
  }

  /** The id of the last item that was read, for the option `lastEventId` of a later call. */
  get lastEventId(): string | undefined {
    return this.#lastEventId;
  }

  /** The answer of the server once it has begun, with its headers. */
  answer(): Promise<Answer> {
    this.#answer ??= this.#open().catch((error: unknown) => this.#fail(error));
    return this.#answer;
  }

  /** The items with their positions. Throws the error with which the stream ends. */
  async *items(): AsyncGenerator<Item<Message>, void, undefined> {
    if (this.#isRead) {
      throw new PotterClientError("failed_precondition", "read already: call again");
    }
    this.#isRead = true;
    try {
      const { response } = await this.answer();
      for await (const item of response as AsyncIterable<StreamItem>) {
        this.#lastEventId = item.id ?? this.#lastEventId;
        if ("message" in item) yield item as Item<Message>;
      }
    } catch (error) {
      this.#fail(error);
    } finally {
      this.#report("ended");
    }
  }

  /** The messages. Throws the error with which the stream ends. */
  async *[Symbol.asyncIterator](): AsyncGenerator<Message, void, undefined> {
    for await (const { message } of this.items()) yield message;
  }

  /** The messages as values, and last the error, if the stream ends with one. Never throws. */
  async *safe(): AsyncGenerator<Outcome<Message, Errors>, void, undefined> {
    try {
      for await (const value of this) yield { ok: true, value };
    } catch (error) {
      yield { ok: false, error: error as CallError<Errors> };
    }
  }

  #fail(thrown: unknown): never {
    const error = toClientError(thrown);
    this.#report("ended", { error });
    throw error;
  }

  #report(state: StreamState, change: StreamChange = {}): void {
    if (this.#state === "ended") return;
    this.#state = state;
    this.#onState?.(state, change);
  }
}
