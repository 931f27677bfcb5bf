import type {
  BidiStreamOptions,
  Call,
  Caller,
  CallOptions,
  CommandCall,
  CommandOptions,
  PagedCall,
  StreamCall,
  StreamOptions,
} from "../calls/index.js";
import type { MethodInfo } from "../contract/index.js";

/** What every method has besides its call. */
export interface DescribedMethod {
  /** The method as data, for transports, mocks and query keys. */
  readonly method: MethodInfo;
}

/** A command: a function that sends it. */
export interface Command<Request, Response, Errors = object> extends DescribedMethod {
  /** Sends the command. */
  (caller: Caller, request: Request, options?: CommandOptions): CommandCall<Response, Errors>;
}

/** A query: a function that asks it. */
export interface Query<Request, Response, Errors = object> extends DescribedMethod {
  /** Asks the query. */
  (caller: Caller, request: Request, options?: CallOptions): Call<Response, Errors>;
}

/** A query that returns a list in pages. */
export interface PagedQuery<Request, Response, Item, Errors = object> extends DescribedMethod {
  /** Asks for a page, or for all items: the call is a promise of a page and an async iterable of items. */
  (caller: Caller, request: Request, options?: CallOptions): PagedCall<Response, Item, Errors>;
}

/** A method that returns a stream. */
export interface ServerStream<Request, Message, Errors = object> extends DescribedMethod {
  /** Opens the stream when it is first read. */
  (caller: Caller, request: Request, options?: StreamOptions): StreamCall<Message, Errors>;
}

/** A method that takes a stream of requests. */
export interface ClientStream<Request, Response, Errors = object> extends DescribedMethod {
  /** Sends the requests as they come, and returns one response. */
  (caller: Caller, requests: Messages<Request>, options?: CommandOptions): Call<Response, Errors>;
}

/** A method that takes a stream and returns one. */
export interface BidiStream<Request, Message, Errors = object> extends DescribedMethod {
  /** Opens the stream when it is first read, and sends the requests as they come. */
  (caller: Caller, requests: Messages<Request>, options?: BidiStreamOptions): StreamCall<Message, Errors>;
}

/** Requests that are sent as a stream. */
export type Messages<Request> = AsyncIterable<Request> | Iterable<Request>;

/** Any method. */
export interface AnyMethod extends DescribedMethod {
  /** Calls the method. */
  (caller: Caller, request: never, options?: never): unknown;
}

/** The request of a method; of each message where the method takes a stream. */
export type RequestOf<M> = M extends (caller: Caller, request: infer Request, options?: never) => unknown
  ? Request
  : never;

/** The response of a method; of each message where the method returns a stream. */
export type ResponseOf<M> = M extends (...args: never) => StreamCall<infer Message, infer _E>
  ? Message
  : M extends (...args: never) => Call<infer Response, infer _E>
    ? Response
    : never;

/** The declared errors of a method, by local name. */
export type ErrorsOf<M> = M extends (...args: never) => StreamCall<infer _M, infer Errors>
  ? Errors
  : M extends (...args: never) => Call<infer _R, infer Errors>
    ? Errors
    : never;
