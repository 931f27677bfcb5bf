import type { WebSocketAcceptance } from "./web-socket.js";

/**
 * One HTTP request, whatever server took it. Nothing of it is parsed or copied before somebody asks.
 */
export interface HttpRequest {
  /** Upper case. */
  readonly method: string;
  /** As it was sent: percent-encoded, without the query. Begins with a slash. */
  readonly path: string;
  /** As it was sent, without the question mark; empty if there is none. */
  readonly query: string;
  /** A header by its lower-case name. */
  header(name: string): string | undefined;
  /** Reads the body as UTF-8. Rejects with an HttpError: 413 beyond `limit` bytes, 400 for what is not UTF-8. */
  text(limit: number): Promise<string>;
  /** Reads the body. Rejects with an HttpError 413 beyond `limit` bytes. */
  bytes(limit: number): Promise<Uint8Array>;
  /** Aborts when the client has gone, or the server stops and the answer is a stream or a WebSocket. */
  readonly signal: AbortSignal;
}

/** The answer to a request. */
export interface HttpResponse {
  readonly status: number;
  /** Names in lower case. The server adds `content-length` where it knows it. */
  readonly headers: Readonly<Record<string, string>>;
  /** A stream is read no faster than the client takes it, and returned when the client has gone. */
  readonly body?: string | Uint8Array | AsyncIterable<string | Uint8Array> | undefined;
  /** How long a client may take to read what waits for it before it is cut off, in milliseconds. Default: what the server sets. */
  readonly writeTimeout?: number | undefined;
  /** With status 101: the connection becomes a WebSocket. A server that takes none answers 501 in place of it. */
  readonly webSocket?: WebSocketAcceptance;
}

/** Answers requests. */
export type HttpHandler = (request: HttpRequest) => HttpResponse | Promise<HttpResponse>;

/** Answers the requests that are its own, and tells of others at once that they are not. */
export type HttpRoutes = (request: HttpRequest) => HttpResponse | Promise<HttpResponse> | undefined;

/** What a server needs of an app. */
export interface HttpApp {
  readonly handle: HttpHandler;
  start(): Promise<void>;
  stop(): Promise<void>;
}
