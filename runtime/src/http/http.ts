import type { WebSocketAcceptance } from "./web-socket.js";

/** The headers or trailers of a response: names in lower case, and a list where a name has several values. */
export type HttpFields = Readonly<Record<string, string | readonly string[]>>;

/** What a server can do with the response to one request. */
export interface ServerCapabilities {
  /** Whether the response can have trailers. gRPC needs them. */
  readonly trailers: boolean;
  /** Whether a response can be read while its request is still being sent. Bidirectional streams need it, unless one side waits. */
  readonly fullDuplex: boolean;
}

/** One HTTP request, whatever server received it. Nothing is parsed or copied before it is read. */
export interface HttpRequest {
  /** Upper case. */
  readonly method: string;
  /** As it was sent: percent-encoded, without the query. Starts with a slash. */
  readonly path: string;
  /** As it was sent, without the question mark; empty if there is none. */
  readonly query: string;
  /** Returns a header by its lower-case name. Several values are joined by `, `. */
  header(name: string): string | undefined;
  /** Lists all headers as pairs of lower-case name and value, each value of a repeated header by itself where the server keeps them apart. */
  headers(): Iterable<readonly [name: string, value: string]>;
  /** Reads the body as UTF-8. Rejects with an HttpError: 413 above `limit` bytes, 400 for other encodings. */
  text(limit: number): Promise<string>;
  /** Reads the body. Rejects with an HttpError 413 above `limit` bytes. */
  bytes(limit: number): Promise<Uint8Array>;
  /**
   * Reads the body as it arrives, as it was sent: a content encoding is not undone, and no limit applies. The client is slowed to the
   * speed of the reader. Ends early, by an HttpError `cancelled`, if the client disconnects. Returning the iterator discards the rest.
   */
  chunks(): AsyncIterableIterator<Uint8Array>;
  /** What the server can do with the response. */
  readonly server: ServerCapabilities;
  /** Aborts when the client disconnects, or when the server stops and the response is a stream or a WebSocket. */
  readonly signal: AbortSignal;
  /**
   * Calls back when the signal aborts, or at once if it has, without creating a signal. For what lives as long as the request: the
   * callback cannot be removed. Absent where the signal exists anyway.
   */
  onAbort?(callback: () => void): void;
}

/** The response to a request. */
export interface HttpResponse {
  /** The status code, such as 200. */
  readonly status: number;
  /** Names in lower case. The server adds `content-length` if it knows the length. */
  readonly headers: HttpFields;
  /** A stream is read no faster than the client reads it, and returned when the client disconnects. */
  readonly body?: string | Uint8Array | AsyncIterable<string | Uint8Array> | undefined;
  /** Called when the body has been sent. Only where the server has the capability `trailers`; otherwise never called. */
  readonly trailers?: (() => HttpFields) | undefined;
  /** How long a client may leave the response unread before it is disconnected, in milliseconds. Default: the server's option. */
  readonly writeTimeout?: number | undefined;
  /** With status 101: the connection becomes a WebSocket. A server without WebSockets answers 501 instead. */
  readonly webSocket?: WebSocketAcceptance;
}

/** Answers requests. */
export type HttpHandler = (request: HttpRequest) => HttpResponse | Promise<HttpResponse>;

/** Answers the requests to its own routes. Returns undefined for other requests. */
export type HttpRoutes = (request: HttpRequest) => HttpResponse | Promise<HttpResponse> | undefined;

/** The part of an app that a server needs. */
export interface HttpApp {
  /** Answers a request. */
  readonly handle: HttpHandler;
  /** Starts the app. Rejects if it cannot start. */
  start(): Promise<void>;
  /**
   * A server calls it when it starts to stop, before its requests have ended: health checks report it, and connections that would bring
   * new calls end. The app continues to answer.
   */
  announceStop?(): void;
  /** Stops the app: waits for running calls, then closes the store. */
  stop(): Promise<void>;
}
