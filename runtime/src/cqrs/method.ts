import type { Violation } from "../errors/index.js";
import type { AnyCodec, Engine, MessageCodec, MessageTypes } from "../message/index.js";
import type { ErrorDefinitions } from "./rejection.js";

/** Whether a method changes data or only reads it. */
export type MethodKind = "command" | "query";

/** Which sides of a call are streams: none, the response, the request, or both. */
export type StreamKind = "unary" | "server" | "client" | "bidi";

/**
 * A segment of a path template: a literal, `*` (one segment), `**` (the rest), or a variable that binds its match to a
 * field.
 */
export type PathSegment = string | PathVariable;

/** A variable of a path template. */
export interface PathVariable {
  /** Path of the field in proto names: `order_id`, `book.name`. */
  readonly field: string;
  /** The segments that it matches: literals, `*` and `**`. */
  readonly segments: readonly string[];
}

/** One HTTP binding of a method, from `google.api.http` or by convention. */
export interface HttpBinding {
  /** Upper case: `GET`, `POST`, or the kind of a `custom` pattern. */
  readonly method: string;
  /** The template as written in the contract, for messages and documents: `/v1/orders/{order_id}:cancel`. */
  readonly path: string;
  /** The parsed template, without the verb. */
  readonly segments: readonly PathSegment[];
  /** The custom verb after the last colon, without the colon. */
  readonly verb?: string;
  /**
   * `*`: the body is the request without its path fields. A field name: the body is that field, and the other fields come from
   * the query string. Absent: no body; all fields outside of the path come from the query string.
   */
  readonly body?: string;
  /** The field of the response message that is the HTTP response body. Absent: the whole message. */
  readonly responseBody?: string;
}

/**
 * Loads the rules of a contract when an app starts. The result returns the check of a type, which returns the violations of a
 * message: none if it is valid.
 */
export type LoadRules = () => Promise<(codec: AnyCodec) => (message: unknown) => readonly Violation[]>;

/**
 * A method of a service, as data that the bus and the transports interpret. The generator prints it; transports know nothing
 * else about a method.
 */
export interface Method<
  Req extends MessageTypes = MessageTypes,
  Res extends MessageTypes = MessageTypes,
  Stream extends StreamKind = StreamKind,
  Kind extends MethodKind = MethodKind,
> {
  /** Full name of the service: `shop.orders.v1.OrderService`. */
  readonly service: string;
  /** Proto name: `PlaceOrder`. */
  readonly name: string;
  /** Whether it changes data or only reads it. */
  readonly kind: Kind;
  /** Which sides of a call are streams. */
  readonly stream: Stream;
  /** Codec of the request message. */
  readonly request: MessageCodec<Req>;
  /** Codec of the response message. */
  readonly response: MessageCodec<Res>;
  /** Its HTTP bindings, in the order of the contract. Empty: it is not served over REST. */
  readonly http: readonly HttpBinding[];
  /** The errors that the method declares, by local name. */
  readonly errors: ErrorDefinitions;
  /** The longest duration of a call, in milliseconds. Absent: no limit. */
  readonly timeout?: number;
  /** How long a client may cache the response, in milliseconds. Absent: not at all. */
  readonly cacheTtl?: number;
  /** The HTTP status of a successful response; absent: 200. A 204 has no body. */
  readonly status?: 200 | 201 | 202 | 204;
  /** Loads what checks its messages by the rules of the contract. Absent: neither the request nor the response has rules. */
  readonly rules?: LoadRules;
  /** Encrypts the personal fields of recorded responses. Absent: the response has none, or is not recorded. */
  readonly personal?: Engine<"personal data">;
  /** For a partial update: the request fields that hold the field mask and the resource, in proto names. */
  readonly updateMask?: { readonly mask: string; readonly resource: string };
  /** Reads the tenant that a request names. */
  tenant?(request: Req["message"]): string;
  /** Whether the contract marks it as deprecated. Default: `false`. */
  readonly deprecated?: boolean;
  /** An endless stream: a stopping app ends it at once. */
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
