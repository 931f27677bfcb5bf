import { codes, PotterClientError } from "../errors/index.js";
import { toError } from "../problem/index.js";
import { type Answer, type OutgoingCall, type StreamItem, toAbortError } from "../transport/index.js";
import { type CallResult, type FrameError, toHeaders, writeFrame } from "./frames.js";
import { toMetadata } from "./metadata.js";

/** What a call needs of its connection. */
export interface CallPort {
  /** Items of a stream that the server may send ahead. */
  readonly credit: number;
  /** Sends a frame. */
  send(frame: string): void;
  /** The call needs no more frames. */
  release(): void;
}

/** One call on a connection. */
export class SocketCall {
  readonly id: number;
  /** The request. */
  readonly frame: string;
  /** Whether requests follow. */
  readonly takesStream: boolean;
  readonly #call: OutgoingCall;
  readonly #port: CallPort;
  readonly #items: StreamItem[] = [];
  readonly #headers: Map<string, string> = new Map();
  readonly #trailers: Map<string, string> = new Map();
  #result: CallResult | undefined;
  #failure: PotterClientError | undefined;
  #isOver = false;
  #waiting: (() => void)[] = [];
  #sendCredit = 0;

  constructor(id: number, call: OutgoingCall, port: CallPort) {
    const { method, request } = call;
    this.id = id;
    this.#call = call;
    this.#port = port;
    this.takesStream = method.stream === "client" || method.stream === "bidi";
    const message = this.takesStream ? null : this.#encode(request);
    const params = [message, toMetadata(call, port.credit)];
    this.frame = writeFrame({ id, method: `${method.service}/${method.name}`, params });
  }

  /** Sends the request. `credit`: items of a stream that may be sent before the server grants more. */
  send(credit: number): void {
    this.#port.send(this.frame);
    if (!this.takesStream) return;
    this.#sendCredit = credit;
    const { request } = this.#call;
    this.#sendItems(request as AsyncIterable<unknown>).catch((error: unknown) => this.#cancel(error));
  }

  /** The response; a stream of responses at once. */
  async answer(): Promise<Answer> {
    const { method, signal } = this.#call;
    signal?.addEventListener("abort", this.#abort);
    if (signal?.aborted) this.#abort();
    const answer = { headers: this.#headers, trailers: this.#trailers };
    if (method.stream === "server" || method.stream === "bidi") return { ...answer, response: this.#read() };
    while (!this.#isOver) await this.#change();
    if (this.#failure) throw this.#failure;
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
    this.#wake();
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
    const { retryAfter } = data;
    const problem = {
      title: message,
      code: codes[-32001 - code],
      ...data,
      // Each at a time of its own.
      retryAfter: isGoingAway && retryAfter ? Math.random() * retryAfter : retryAfter,
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

  readonly #abort = (): void => this.#cancel(toAbortError(this.#call.signal as AbortSignal));

  #cancel(error: unknown): void {
    if (this.#isOver) return;
    this.#notify("$/cancel");
    this.fail(error instanceof PotterClientError ? error : new PotterClientError("cancelled", String(error)));
  }

  #notify(method: string, ...values: readonly unknown[]): void {
    this.#port.send(writeFrame({ method, params: [this.id, ...values] }));
  }

  #end(): void {
    this.#isOver = true;
    this.#call.signal?.removeEventListener("abort", this.#abort);
    this.#port.release();
    this.#wake();
  }

  #change(): Promise<void> {
    return new Promise((resolve) => this.#waiting.push(resolve));
  }

  #wake(): void {
    for (const resolve of this.#waiting.splice(0)) resolve();
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
            this.#notify("$/credit", read);
            read = 0;
          }
          yield "message" in item ? { ...item, message: this.#decode(item.message) } : item;
        } else if (this.#failure) throw this.#failure;
        else if (this.#isOver) return;
        else await this.#change();
      }
    } finally {
      this.#cancel("the stream is no longer read");
    }
  }

  async #sendItems(requests: AsyncIterable<unknown>): Promise<void> {
    for await (const request of requests) {
      while (this.#sendCredit <= 0 && !this.#isOver) await this.#change();
      if (this.#isOver) return;
      this.#sendCredit--;
      this.#notify("$/item", this.#encode(request));
    }
    if (!this.#isOver) this.#notify("$/end");
  }

  #encode(message: unknown): unknown {
    const { request: codec } = this.#call.method;
    return codec === undefined ? message : codec.toJson(message);
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
