import type { AnyMethod } from "../../../cqrs/index.js";
import type { BoundMethod, CallKind } from "../../../http/index.js";
import { createJsonFormat, createProtoFormat, type FormatName, type MessageFormat } from "./message-format.js";

/** How a method differs from those of services that users define. */
export interface EndpointTraits {
  /** Whether anybody may call it, without a caller: orchestrators have no credentials. */
  readonly isPublic?: boolean;
  /** Whether its stream ends by itself when the server stops. */
  readonly reportsStop?: boolean;
}

/** A method, ready to be served. */
export class Endpoint {
  readonly bound: BoundMethod;
  readonly method: AnyMethod;
  /** Its path: `/shop.orders.v1.OrderService/PlaceOrder`. */
  readonly path: string;
  readonly kind: CallKind;
  readonly formats: Readonly<Record<FormatName, MessageFormat>>;
  /** Whether the request is a stream. */
  readonly readsStream: boolean;
  /** Whether the response is a stream. */
  readonly writesStream: boolean;
  readonly isPublic: boolean;
  readonly reportsStop: boolean;

  constructor(bound: BoundMethod, maxJsonDepth: number, traits: EndpointTraits = {}) {
    const { method } = bound;
    const { stream, request, response } = method;
    this.bound = bound;
    this.method = method;
    this.path = `/${method.service}/${method.name}`;
    this.readsStream = stream === "client" || stream === "bidi";
    this.writesStream = stream === "server" || stream === "bidi";
    this.kind = { command: method.kind === "command", stream: this.writesStream };
    this.isPublic = traits.isPublic ?? false;
    this.reportsStop = traits.reportsStop ?? false;
    this.formats = {
      proto: createProtoFormat(request, response),
      json: createJsonFormat(request, response, maxJsonDepth),
    };
  }
}
