import { andThen, type MaybePromise } from "../../../async/index.js";
import type { CallResult } from "../../../cqrs/index.js";
import { type HttpFields, type HttpRequest, type HttpResponse, toVersionTag } from "../../../http/index.js";
import {
  beginFields,
  type CallScope,
  type Endpoint,
  Exchange,
  type ExchangeContext,
  openEnvelopedRequest,
  positionFields,
  type RequestSource,
  type RequestWriting,
  ResponseBody,
  readEnvelopedMessage,
  reserveFields,
} from "../calls/index.js";
import { type Coding, type Compressions, sealEnvelope } from "../compression/index.js";
import type { EnvelopeRules } from "../envelope/index.js";
import type { GrpcType } from "./content-type.js";
import { readGrpcTimeout } from "./grpc-timeout.js";
import { okFields, toStatusFields } from "./status-fields.js";
import { toWebBody, writeTrailers } from "./web-framing.js";

/** The options of gRPC and gRPC-Web. */
export interface GrpcOptions extends ExchangeContext {
  readonly maxMessageSize: number;
  readonly compressions: Compressions;
}

const reserved = reserveFields(
  ...["grpc-encoding", "grpc-accept-encoding", "grpc-status", "grpc-message", "grpc-status-details-bin"],
  "potter-status-details-bin",
);

/** Serves calls of gRPC and gRPC-Web, which differ in where the trailers are. */
export class Grpc {
  private readonly options: GrpcOptions;
  private readonly rules: EnvelopeRules;

  constructor(options: GrpcOptions) {
    this.options = options;
    this.rules = { limit: options.maxMessageSize, malformed: "internal" };
  }

  /** Answers a request to a method. Never rejects. */
  async serve(endpoint: Endpoint, request: HttpRequest, type: GrpcType): Promise<HttpResponse> {
    const exchange = new Exchange(endpoint, request, this.options);
    try {
      const timeout = readGrpcTimeout(request.header("grpc-timeout"));
      const { compressions } = this.options;
      const writing: RequestWriting = {
        format: endpoint.formats[type.format],
        coding: compressions.find(request.header("grpc-encoding")),
        rules: this.rules,
        isBase64: type.framing === "web-text",
      };
      const accepted = compressions.accepted(request.header("grpc-accept-encoding"));
      const open = (scope: CallScope): RequestSource => openEnvelopedRequest(endpoint, request, writing, scope);
      if (endpoint.writesStream) return await this.stream(exchange, type, timeout, open, accepted);
      const result = await (endpoint.readsStream
        ? exchange.clientStream(timeout, open)
        : exchange.unary(timeout, () => readEnvelopedMessage(request, writing)));
      return await this.answer(exchange, type, result, accepted);
    } catch (error) {
      return this.fail(exchange, type, error);
    }
  }

  private answer(
    exchange: Exchange,
    type: GrpcType,
    { response, version }: CallResult,
    accepted: Coding | undefined,
  ): MaybePromise<HttpResponse> {
    const bytes = exchange.endpoint.formats[type.format].encode(response);
    const sealed = sealEnvelope(bytes, accepted, this.options.compressions.threshold);
    return andThen(sealed, (message) => this.toResponse(exchange, type, message, version, accepted));
  }

  private toResponse(
    exchange: Exchange,
    type: GrpcType,
    message: Uint8Array,
    version: number | undefined,
    accepted: Coding | undefined,
  ): HttpResponse {
    const { framing, headers } = type;
    const head = this.toHeaders(exchange, headers, message[0] === 0 ? undefined : accepted, version);
    const trailers = this.toTrailers(exchange, type, undefined);
    if (framing === "grpc") return { status: 200, headers: head, body: message, trailers: () => trailers };
    return { status: 200, headers: head, body: toWebBody(framing === "web-text", message, writeTrailers(trailers)) };
  }

  private async stream(
    exchange: Exchange,
    type: GrpcType,
    timeout: number,
    open: (scope: CallScope) => RequestSource,
    accepted: Coding | undefined,
  ): Promise<HttpResponse> {
    const { framing, format, headers } = type;
    const items = await exchange.serverStream(timeout, open);
    const { encode } = exchange.endpoint.formats[format];
    const { threshold } = this.options.compressions;
    const toChunk =
      framing === "web-text" ? (bytes: Uint8Array) => toWebBody(true, bytes) : (bytes: Uint8Array) => bytes;
    let trailers: HttpFields = okFields;
    const body = new ResponseBody(items, {
      write: (item) => andThen(sealEnvelope(encode(item), accepted, threshold), toChunk),
      finish: (failure, position) => {
        trailers = { ...this.toTrailers(exchange, type, failure), ...positionFields(position) };
        return framing === "grpc" ? undefined : toChunk(writeTrailers(trailers));
      },
    });
    try {
      const head = { ...this.toHeaders(exchange, headers, accepted, undefined), ...beginFields(items, exchange) };
      return { status: 200, headers: head, body, ...(framing === "grpc" && { trailers: () => trailers }) };
    } catch (error) {
      items.close();
      throw error;
    }
  }

  private toHeaders(
    exchange: Exchange,
    fixed: Readonly<Record<string, string>>,
    coding: Coding | undefined,
    version: number | undefined,
  ): HttpFields {
    return {
      ...exchange.headers(reserved),
      ...fixed,
      ...(coding && { "grpc-encoding": coding.name }),
      ...(version !== undefined && { etag: toVersionTag(version) }),
      "x-correlation-id": exchange.correlationId,
    };
  }

  private toTrailers(
    exchange: Exchange,
    { format }: GrpcType,
    failure: { readonly error: unknown } | undefined,
  ): HttpFields {
    const added = exchange.trailers(reserved);
    return { ...added, ...(failure === undefined ? okFields : toStatusFields(exchange.report(failure.error), format)) };
  }

  /** Answers before any message: with the status among the headers (Trailers-Only), or in the body of gRPC-Web. */
  private fail(exchange: Exchange, type: GrpcType, error: unknown): HttpResponse {
    try {
      const head = this.toHeaders(exchange, type.headers, undefined, undefined);
      const trailers = this.toTrailers(exchange, type, { error });
      const accepted = { "grpc-accept-encoding": this.options.compressions.names };
      if (type.framing === "grpc") {
        // A client takes metadata of a response without trailers for trailers.
        if (exchange.hasHeaders) return { status: 200, headers: { ...head, ...accepted }, trailers: () => trailers };
        return { status: 200, headers: { ...trailers, ...head, ...accepted } };
      }
      const body = toWebBody(type.framing === "web-text", writeTrailers(trailers));
      return { status: 200, headers: { ...head, ...accepted }, body };
    } catch (invalid) {
      // What the handler has added cannot be sent, and is left out from now on.
      exchange.report(invalid);
      return this.fail(exchange, type, error);
    }
  }
}

/** Answers a request to a method that the server does not have. */
export function refuseMethod({ framing, format, headers }: GrpcType): HttpResponse {
  const message = "the server has no such method";
  const trailers = toStatusFields({ code: "unimplemented", message, details: [] }, format);
  if (framing === "grpc") return { status: 200, headers: { ...trailers, ...headers } };
  return { status: 200, headers, body: toWebBody(framing === "web-text", writeTrailers(trailers)) };
}
