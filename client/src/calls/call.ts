import type { MethodInfo } from "../contract/index.js";
import { type CallError, type Outcome, PotterClientError } from "../errors/index.js";
import { repeating } from "../resilience/index.js";
import type { ResponseHeaders } from "../transport/index.js";
import type { CommandOptions } from "./options.js";
import { type Caller, prepare, sendThrough } from "./prepare.js";

/** A response with what the server tells about it. */
export interface Result<Response> {
  /** The response. */
  readonly response: Response;
  /** The version of the aggregate after the call. Absent: the server did not say. */
  readonly version?: number;
  /** The position of the last event that the call recorded, for the option `after`. Absent: the server did not say. */
  readonly position?: string;
  /** Headers of the response. */
  readonly headers: ResponseHeaders;
  /** Trailers of the response. Absent: none. */
  readonly trailers?: ResponseHeaders;
}

/**
 * A call with one response: a promise of it that also offers the outcome as a value (`safe`) and the response with its metadata
 * (`result`). It is sent once, in the next microtask, however often it is awaited.
 */
export class Call<Response, Errors> implements Promise<Response> {
  /** Who calls. */
  declare protected readonly caller: Caller;
  /** What is called. */
  declare protected readonly method: MethodInfo;
  /** The request. */
  declare protected readonly request: unknown;
  /** The options of the call. */
  declare protected readonly options: CommandOptions;
  #result: Promise<Result<Response>> | undefined;

  constructor(caller: Caller, method: MethodInfo, request: unknown, options: CommandOptions = {}) {
    Object.assign(this, { caller, method, request, options });
    queueMicrotask(() => this.result());
  }

  /** The response with its headers, version and position. Rejects as the call does. */
  result(): Promise<Result<Response>> {
    this.#result ??= this.#send(this.options);
    return this.#result;
  }

  /** The outcome as a value, in which `error.name` tells the declared errors and the codes apart. Never rejects. */
  safe(): Promise<Outcome<Response, Errors>> {
    return this.then(
      (value) => ({ ok: true, value }) as const,
      (error: CallError<Errors>) => ({ ok: false, error }) as const,
    );
  }

  /** Calls back with the response, or with the error. */
  // biome-ignore lint/suspicious/noThenProperty: a call is a promise of its response
  then<Value = Response, Recovered = never>(
    onResponse?: ((response: Response) => Value | PromiseLike<Value>) | null,
    onError?: ((error: CallError<Errors>) => Recovered | PromiseLike<Recovered>) | null,
  ): Promise<Value | Recovered> {
    return this.result()
      .then(({ response }) => response)
      .then(onResponse, onError as (error: unknown) => Recovered);
  }

  /** Calls back with the error. */
  catch<Recovered = never>(
    onError?: ((error: CallError<Errors>) => Recovered | PromiseLike<Recovered>) | null,
  ): Promise<Response | Recovered> {
    return this.then(null, onError);
  }

  /** Calls back when the call has ended. */
  finally(onEnd?: (() => void) | null): Promise<Response> {
    return this.then().finally(onEnd);
  }

  /** The name of the class, for messages. */
  readonly [Symbol.toStringTag]: string = "Call";

  /**
   * Sends the call now, with other options; and with those of the call if the server does not implement what the others ask for.
   * Throws if it was sent already.
   */
  protected begin(options: CommandOptions, isOptional: boolean): Promise<Result<Response>> {
    if (this.#result) throw new PotterClientError("failed_precondition", "call until() at once");
    this.#result = this.#send(options).catch((error: PotterClientError) => {
      // Such a call was not begun.
      if (isOptional && error.code === "unimplemented") return this.#send(this.options);
      throw error;
    });
    return this.#result;
  }

  async #send(options: CommandOptions): Promise<Result<Response>> {
    const { connection } = this.caller;
    const call = prepare(connection, this.method, this.request, options);
    const { response, headers, trailers } = await sendThrough(connection, call, repeating(connection, options.retry));
    const version = /^"(\d+)"$/.exec(headers.get("etag") ?? "")?.[1];
    const position = headers.get("potter-position");
    return {
      response: response as Response,
      headers,
      ...(trailers && { trailers }),
      ...(version && { version: Number(version) }),
      ...(position && { position }),
    };
  }
}
