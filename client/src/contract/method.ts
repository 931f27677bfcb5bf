import type { Framing } from "../envelopes/index.js";
import type { AnyCodec } from "./codec.js";

/**
 * When a call may be repeated after a fault of the network: `safe` always, since it changes nothing; `keyed` under the same
 * command id, for which the service records its answer; `never` otherwise.
 */
export type Repeat = "safe" | "keyed" | "never";

/** Which sides of a call are streams: none, the response, the request, or both. */
export type StreamKind = "unary" | "server" | "client" | "bidi";

/** The HTTP binding of a method, which the REST transport interprets. */
export interface HttpRule {
  /** Upper case: `GET`, `POST`. */
  readonly method: string;
  /** The template of the contract, with variables by JSON names: `/v1/orders/{orderId}:cancel`, `{name=shelves/*}`. */
  readonly path: string;
  /** `*`: the body is the request without its path fields. A field, by its JSON name: the body is that field. Absent: no body. */
  readonly body?: string;
  /** The field of the response, by its JSON name, that is the body of the response. Absent: the whole message. */
  readonly responseBody?: string;
  /** Paths of the fields, by JSON names, that are maps and go into the query string. Absent: none. */
  readonly maps?: readonly string[];
}

/** Where a list has its items and page tokens, by the names that messages have in TypeScript. */
export interface Pages<Items extends string = string> {
  /** The field of the response that has the items. */
  readonly items: Items;
  /** The field of the request that has the token of the page. Default: `pageToken`. */
  readonly token?: string;
  /** The field of the response that has the token of the next page. Default: `nextPageToken`. */
  readonly next?: string;
}

/** The declared errors of a method: the type of their details, by local name. */
export type ErrorTypes = Readonly<Record<string, unknown>>;

/** A method of a service as data: generated code passes it to a factory such as `command`. */
export interface MethodOptions<Errors = ErrorTypes> {
  /** Full name of the service: `shop.orders.v1.OrderService`. */
  readonly service: string;
  /** Proto name: `PlaceOrder`. */
  readonly name: string;
  /** When a call may be repeated. Default: `safe` for queries, `never` for commands. */
  readonly repeat?: Repeat;
  /** The longest duration of a call in milliseconds, as the contract limits it. Default: that of the client. */
  readonly timeout?: number;
  /** Its first HTTP binding. Absent: the REST transport cannot call it. */
  readonly http?: HttpRule;
  /** The errors that it declares, by local name: the full name of the message, or its codec. */
  readonly errors?: { readonly [Name in keyof Errors & string]: string | AnyCodec };
  /** Codec of the request. Absent: requests are ProtoJSON. */
  readonly request?: AnyCodec;
  /** Codec of the response. Absent: responses are ProtoJSON. */
  readonly response?: AnyCodec;
}

/** The data of a method, as transports and interceptors see it. */
export interface MethodInfo extends MethodOptions {
  /** Which sides are streams. */
  readonly stream: StreamKind;
  /** Whether it changes data or only reads it. */
  readonly kind: "command" | "query";
  /** When a call may be repeated. */
  readonly repeat: Repeat;
  /** Where a list has its items and page tokens. Absent: the method returns no pages. */
  readonly pages?: Pages;
  /** How its streams are carried over `fetch`. Absent: neither side is a stream. */
  readonly framing?: Framing;
}
