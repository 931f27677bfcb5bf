import { codes, PotterClientError } from "../errors/index.js";
import { toError } from "../problem/index.js";
import { type Answer, type OutgoingCall, type StreamItem, toAbortError } from "../transport/index.js";
import { type CallResult, type FrameError, notificationFrame, requestFrame, toHeaders } from "./frames.js";
import { toMetadata } from "./metadata.js";

/** What a call needs of its connection. */
export interface CallPort {
  /** Items of a stream that the server may send ahead. */
  readonly credit: number;
  /** Items of a stream that may be sent before the server grants more. */
  readonly sendCredit: number;
  /** Sends a frame. */
  send(frame: string): void;
  /** The call needs no more frames. */
  release(): void;
}

/** One call on a connection. */
export class SocketCall {
  readonly #id: number;
  readonly #call: OutgoingCall;
  readonly #port: CallPort;
  readonly #items: StreamItem[] = [];
  readonly #headers: Map<string, string> = new Map();
  readonly #trailers: Map<string, string> = new Map();
  #result: CallResult | undefined;
  #failure: PotterClientError | undefined;
  #wake: () => void = () => {};
  #sendCredit: number;
  #granted: () => void = () => {};

  constructor(id: number, call: OutgoingCall, port: CallPort) {
    this.#id = id;
    this.#call = call;
    this.#port = port;
    this.#sendCredit = port.sendCredit;
  }

  /** Sends the request, and resolves with the response; with a stream of responses at once. */
  async start(): Promise<Answer> {
    const { method, request, signal } = this.#call;
    const takesStream = method.stream === "client" || method.stream === "bidi";
    const message = takesStream ? null : (method.request?.toJson(request) ?? request);
    const metadata = toMetadata(this.#call, this.#port.credit);
    this.#port.send(requestFrame(this.#id, `${method.service}/${method.name}`, message, metadata));
    signal?.addEventListener("abort", this.#abort);
    if (signal?.aborted) this.#abort();
    if (takesStream) this.#sendItems(request as AsyncIterable<unknown>).catch((error: unknown) => this.#cancel(error));
    const answer = { headers: this.#headers, trailers: this.#trailers };
    if (method.stream === "server" || method.stream === "bidi") return { ...answer, response: this.#read() };
    while (!this.#isOver) await this.#change();
    if (this.#failure !== undefined) throw this.#failure;
    return { ...answer, response: this.#decode(this.#result?.response) };
  }

  /** The server has sent an item, or a position without one. */
  item(item: StreamItem): void {
    this.#items.push(item);
    this.#wake();
  }

  /** The server accepts more items. */
  grant(items: number): void {
    this.#sendCredit += items;
    this.#granted();
  }

  /** The server has answered. */
  succeed(result: CallResult): void {
    const { version, headers, trailers } = result;
    if (version !== undefined) this.#headers.set("etag", `"${version}"`);
    for (const [name, value] of toHeaders(headers)) this.#headers.set(name, value);
    for (const [name, value] of toHeaders(trailers)) this.#trailers.set(name, value);
    this.#result = result;
    this.#end();
  }

  /** The server has answered with an error. `isGoingAway`: it asks all of its clients at once to come back. */
  refuse({ code = 0, message = "", data = {} }: FrameError, isGoingAway: boolean): void {
    const known = codes[-32001 - code];
    const { retryAfter } = data;
    const problem = {
      title: message,
      ...(known !== undefined && { code: known }),
      ...data,
      // Each at a time of its own.
      ...(isGoingAway && retryAfter !== undefined && { retryAfter: Math.random() * retryAfter }),
    };
    for (const [name, value] of toHeaders(data.trailers)) this.#trailers.set(name, value);
    this.fail(toError(this.#call, problem, toHeaders(data.headers)));
  }

  /** The call has failed. */
  fail(error: PotterClientError): void {
    if (this.#isOver) return;
    this.#failure = error;
    this.#end();
  }

  get #isOver(): boolean {
    return this.#result !== undefined || this.#failure !== undefined;
  }

  readonly #abort = (): void => this.#cancel(toAbortError(this.#call.signal as AbortSignal));

  #cancel(error: unknown): void {
    if (this.#isOver) return;
    this.#port.send(notificationFrame("$/cancel", this.#id));
    this.fail(error instanceof PotterClientError ? error : new PotterClientError("cancelled", String(error)));
  }

  #end(): void {
    this.#call.signal?.removeEventListener("abort", this.#abort);
    this.#port.release();
    this.#wake();
    this.#granted();
  }

  #change(): Promise<void> {
    return new Promise((resolve) => {
      this.#wake = resolve;
    });
  }

  async *#read(): AsyncGenerator<StreamItem, void, undefined> {
    let read = 0;
    try {
      for (;;) {
        const item = this.#items.shift();
        if (item !== undefined) {
          if ("message" in item) read++;
          // Half of the credit at once: a frame for each item would double the traffic.
          if (read * 2 >= this.#port.credit && !this.#isOver) {
            this.#port.send(notificationFrame("$/credit", this.#id, read));
            read = 0;
          }
          yield "message" in item ? { ...item, message: this.#decode(item.message) } : item;
        } else if (this.#failure !== undefined) throw this.#failure;
        else if (this.#isOver) return;
        else await this.#change();
      }
    } finally {
      this.#cancel("the stream is no longer read");
    }
  }

  async #sendItems(requests: AsyncIterable<unknown>): Promise<void> {
    const codec = this.#call.method.request;
    for await (const request of requests) {
      while (this.#sendCredit <= 0 && !this.#isOver) {
        await new Promise<void>((resolve) => {
          this.#granted = resolve;
        });
      }
      if (this.#isOver) return;
      this.#sendCredit--;
      this.#port.send(notificationFrame("$/item", this.#id, codec === undefined ? request : codec.toJson(request)));
    }
    if (!this.#isOver) this.#port.send(notificationFrame("$/end", this.#id));
  }

  #decode(json: unknown): unknown {
    const { response: codec, name } = this.#call.method;
    if (json === undefined) throw new PotterClientError("internal", `${name}: the answer has no response`);
    try {
      return codec === undefined ? json : codec.fromJson(json);
    } catch (cause) {
      throw new PotterClientError("internal", `${name}: the response cannot be decoded`, { cause });
    }
  }
}
