import type { MethodInfo } from "../contract/index.js";
import type { ResponseHeaders } from "../errors/index.js";

/** Headers of a request, by names in lower case. A list is sent as several headers of the same name. */
export type RequestHeaders = Readonly<Record<string, string | readonly string[]>>;

/**
 * A call on its way to the server, as interceptors and transports see it. What the client has to say besides the request is in
 * the headers, under the same names in every transport: `idempotency-key`, `if-match`, `last-event-id`, `potter-after`, ….
 */
export interface OutgoingCall {
  /** What is called. */
  readonly method: MethodInfo;
  /** The request; an async iterable of requests where the method takes a stream. */
  readonly request: unknown;
  /** What else is sent. */
  readonly headers: RequestHeaders;
  /** Milliseconds until the call must have ended, all attempts together. Absent: no limit. */
  readonly timeout?: number | undefined;
  /** Of a stream: milliseconds without a sign of the server after which it is broken. Absent: what the transport finds right. */
  readonly idleTimeout?: number | undefined;
  /** Cancels the call. */
  readonly signal?: AbortSignal | undefined;
  /** Returns the token of the user, for transports whose connections outlive it. Absent: no credentials. */
  readonly token?: TokenSource | undefined;
}

/**
 * Returns the token of the user. `renew`: the last one was not accepted or is about to expire, so that a new one is needed.
 */
export type TokenSource = (info: { readonly renew: boolean }) => string | undefined | Promise<string | undefined>;

/** An item of a stream as it was received. */
export interface StreamItem {
  /** The message. Absent: only the position has moved. */
  readonly message?: unknown;
  /** From where the stream can resume after this item. Absent: the transport or the method has no positions. */
  readonly id?: string | undefined;
}

/** The answer of a server. */
export interface Answer {
  /** The response; an async iterable of `StreamItem` where the method returns a stream. */
  readonly response: unknown;
  /** Headers of the response. */
  readonly headers: ResponseHeaders;
  /** Trailers of the response, known once all items are read. Absent: none. */
  readonly trailers?: ResponseHeaders | undefined;
}

/** Passes a call on. Rejects with a PotterClientError. */
export type Next = (call: OutgoingCall) => Promise<Answer>;

/** Surrounds calls: reads or replaces what is sent and what comes back. Runs once for each call, around all of its attempts. */
export type Interceptor = (call: OutgoingCall, next: Next) => Promise<Answer>;

/** Carries calls to a server: one attempt, without retries. */
export interface Transport {
  /** Sends one call. Rejects with a PotterClientError; a fault of the network has the code `unavailable`. */
  send(call: OutgoingCall): Promise<Answer>;
  /** Closes connections and ends open streams. Absent: the transport holds none. */
  close?(): void | Promise<void>;
}
