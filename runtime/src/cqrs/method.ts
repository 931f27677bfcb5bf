import type { MessageCodec, MessageTypes } from "../message/index.js";
import type { ErrorDefinitions } from "./rejection.js";

/** Whether a method changes something or only reads. */
export type MethodKind = "command" | "query";

/** Which sides of a call are streams: none, the answer, the request, both. */
export type StreamKind = "unary" | "server" | "client" | "bidi";

/** A part of a path: a literal, `*` (one segment), `**` (the rest), or a variable that binds what it matches to a field. */
export type PathSegment = string | PathVariable;

/** A variable of a path, which binds the segments that it matches to a field of the request. */
export interface PathVariable {
  /** Path of the field in proto names: `order_id`, `book.name`. */
  readonly field: string;
  /** What it matches: literals, `*` and `**`. */
  readonly segments: readonly string[];
}

/** One HTTP binding of a method, from google.api.http or by convention. */
export interface HttpBinding {
  /** Upper case: `GET`, `POST`, or the kind of a `custom` pattern. */
  readonly method: string;
  /** The template as it was written, for messages and documents: `/v1/orders/{order_id}:cancel`. */
  readonly path: string;
  /** The template, parsed; the verb apart. */
  readonly segments: readonly PathSegment[];
  /** The custom verb after the last colon, without the colon. */
  readonly verb?: string;
  /**
   * `*`: the body is the request without its path fields. A field name: the body is that field, and the
   * rest comes from the query string. Absent: no body, all the rest comes from the query string.
   */
  readonly body?: string;
  /** The field of the response that is the body of the answer. Absent: the whole response. */
  readonly responseBody?: string;
}

/**
 * One method of a service, as data that buses and transports interpret. The generator prints it, and
 * no transport has knowledge of its own about a method.
 */
export interface Method<
  Req extends MessageTypes = MessageTypes,
  Res extends MessageTypes = MessageTypes,
  Stream extends StreamKind = StreamKind,
  Kind extends MethodKind = MethodKind,
> {
  /** Full name of the service: `shop.orders.v1.OrderService`. */
  readonly service: string;
  /** Name as in the proto: `PlaceOrder`. */
  readonly name: string;
  readonly kind: Kind;
  readonly stream: Stream;
  readonly request: MessageCodec<Req>;
  readonly response: MessageCodec<Res>;
  readonly http: readonly HttpBinding[];
  /** The errors that it declares, by local name. */
  readonly errors: ErrorDefinitions;
  /** Longest duration of a call, in milliseconds. */
  readonly timeout?: number;
  /** How long a caller may cache the response, in milliseconds. */
  readonly cacheTtl?: number;
  /** The HTTP status of an answer that succeeds; absent: 200. With 204 it has no body. */
  readonly status?: 200 | 201 | 202 | 204;
  /** For an update of some fields: the request's field that names them, and the one that holds them, in proto names. */
  readonly updateMask?: { readonly mask: string; readonly resource: string };
  /** Reads the tenant that a request names. */
  tenant?(request: Req["message"]): string;
  readonly deprecated?: boolean;
  /** Of a stream that has no end of its own: an app that stops ends it, and does not wait for it. */
  readonly endless?: true;
}

/** Any method, whatever its messages. */
export type AnyMethod = Method;

/** Which sides of a call of a method are streams. */
export type StreamKindOf<M> = M extends Method<infer _Req, infer _Res, infer Stream> ? Stream : never;

/** The request message of a method. */
export type RequestOf<M> = M extends Method<infer Req, infer _Res, infer _S> ? Req["message"] : never;

/** What a handler of a method may return as its response: the message, or the value that one is created from. */
export type ResponseOf<M> = M extends Method<infer _Req, infer Res, infer _S> ? Res["init"] | Res["message"] : never;
