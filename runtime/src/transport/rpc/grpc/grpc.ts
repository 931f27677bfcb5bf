import { andThen } from "../../../async/index.js";
import type { CallResult } from "../../../cqrs/index.js";
import type { HttpFields, HttpRequest, HttpResponse } from "../../../http/index.js";
import { toFields } from "../../../http/index.js";
import {
  type CallScope,
  type Endpoint,
  Exchange,
  type ExchangeContext,
  type MessageFormat,
  RequestMessages,
  type RequestSource,
  ResponseBody,
} from "../calls/index.js";
import { type Coding, type Compressions, openEnvelope, sealEnvelope } from "../compression/index.js";
import { EnvelopeReader, prefixLength, readSingleEnvelope } from "../envelope/index.js";
import type { GrpcType } from "./content-type.js";
import { readGrpcTimeout } from "./grpc-timeout.js";
import { okFields, toStatusFields } from "./status-fields.js";
import { decodeChunks, fromBase64, toBase64, writeTrailers } from "./web-framing.js";

/** The options of gRPC and gRPC-Web. */
export interface GrpcOptions extends ExchangeContext {
  readonly maxMessageSize: number;
  readonly compressions: Compressions;
}

/** Headers and trailers that handlers cannot set. */
const reserved: HttpFields = Object.freeze({
  "content-type": "",
  "content-length": "",
  "grpc-encoding": "",
  "grpc-accept-encoding": "",
  "grpc-status": "",
  "grpc-message": "",
  "grpc-status-details-bin": "",
});

/** Serves calls of gRPC and gRPC-Web, which differ in where the trailers are. */
export class Grpc {
  private readonly options: GrpcOptions;

  constructor(options: GrpcOptions) {
    this.options = options;
  }

  /** Answers a request to a method. Never rejects. */
  async serve(endpoint: Endpoint, request: HttpRequest, type: GrpcType): Promise<HttpResponse> {
    const exchange = new Exchange(endpoint, request, this.options);
    try {
      const timeout = readGrpcTimeout(request.header("grpc-timeout"));
      const format = endpoint.formats[type.format];
      const { compressions } = this.options;
      const sent = compressions.find(request.header("grpc-encoding"));
      const accepted = compressions.accepted(request.header("grpc-accept-encoding"));
      if (endpoint.writesStream) return await this.stream(exchange, type, format, timeout, sent, accepted);
      const result = await (endpoint.readsStream
        ? exchange.clientStream(timeout, (scope) => this.openMessages(request, type, format, sent, scope))
        : exchange.unary(timeout, () => this.readMessage(request, type, format, sent)));
      return await this.answer(exchange, type, format, result, accepted);
    } catch (error) {
      return this.fail(exchange, type, error);
    }
  }

  /** Reads the one message of a request. */
  private async readMessage(
    request: HttpRequest,
    { framing }: GrpcType,
    format: MessageFormat,
    coding: Coding | undefined,
  ): Promise<unknown> {
    const { maxMessageSize } = this.options;
    const size = prefixLength + maxMessageSize;
    const body = framing === "web-text" ? fromBase64(await request.bytes(2 * size)) : await request.bytes(size);
    const opened = openEnvelope(readSingleEnvelope(body, maxMessageSize), coding, maxMessageSize);
    return andThen(opened, format.decode);
  }

  private openMessages(
    request: HttpRequest,
    { framing }: GrpcType,
    format: MessageFormat,
    coding: Coding | undefined,
    scope: CallScope,
  ): RequestSource {
    const { maxMessageSize } = this.options;
    const chunks = framing === "web-text" ? decodeChunks(request.chunks()) : request.chunks();
    const messages = new RequestMessages(
      new EnvelopeReader(chunks, maxMessageSize),
      (envelope) => andThen(openEnvelope(envelope, coding, maxMessageSize), format.decode),
      scope,
    );
    return { read: async () => messages, release: () => messages.release() };
  }

  private async answer(
    exchange: Exchange,
    { framing, headers }: GrpcType,
    format: MessageFormat,
    { response }: CallResult,
    coding: Coding | undefined,
  ): Promise<HttpResponse> {
    const bytes = format.encode(response);
    const sealed = sealEnvelope(bytes, coding, this.options.compressions.threshold);
    const body = "then" in sealed ? await sealed : sealed;
    const head = this.toHeaders(exchange, headers, body[0] === 0 ? undefined : coding);
    const { addedTrailers } = exchange;
    const trailers = addedTrailers === undefined ? okFields : { ...toFields(addedTrailers, reserved), ...okFields };
    if (framing === "grpc") return { status: 200, headers: head, body, trailers: () => trailers };
    return { status: 200, headers: head, body: toWebBody(framing, body, writeTrailers(trailers)) };
  }

  private async stream(
    exchange: Exchange,
    type: GrpcType,
    format: MessageFormat,
    timeout: number,
    sent: Coding | undefined,
    accepted: Coding | undefined,
  ): Promise<HttpResponse> {
    const { request, endpoint } = exchange;
    const items = await exchange.serverStream(timeout, (scope) =>
      endpoint.readsStream
        ? this.openMessages(request, type, format, sent, scope)
        : { read: () => this.readMessage(request, type, format, sent), release() {} },
    );
    const { threshold } = this.options.compressions;
    const { framing } = type;
    let trailers: HttpFields = okFields;
    const toChunk = (bytes: Uint8Array): Uint8Array => (framing === "web-text" ? toBase64(bytes) : bytes);
    const body = new ResponseBody(items, {
      write: (item) => andThen(sealEnvelope(format.encode(item), accepted, threshold), toChunk),
      finish: (failure) => {
        trailers = this.toTrailers(exchange, failure);
        return framing === "grpc" ? undefined : toChunk(writeTrailers(trailers));
      },
    });
    const headers = this.toHeaders(exchange, type.headers, accepted);
    if (framing === "grpc") return { status: 200, headers, body, trailers: () => trailers };
    return { status: 200, headers, body };
  }

  private toHeaders(
    exchange: Exchange,
    fixed: Readonly<Record<string, string>>,
    coding: Coding | undefined,
  ): HttpFields {
    const { addedHeaders, correlationId } = exchange;
    return {
      ...(addedHeaders && toFields(addedHeaders, reserved)),
      ...fixed,
      ...(coding && { "grpc-encoding": coding.name }),
      "x-correlation-id": correlationId,
    };
  }

  private toTrailers(exchange: Exchange, failure: { readonly error: unknown } | undefined): HttpFields {
    const { addedTrailers } = exchange;
    const status = failure === undefined ? okFields : toStatusFields(exchange.report(failure.error));
    return addedTrailers === undefined ? status : { ...toFields(addedTrailers, reserved), ...status };
  }

  /** Answers before any message: with the status among the headers (Trailers-Only), or in the body of gRPC-Web. */
  private fail(exchange: Exchange, { framing, headers }: GrpcType, error: unknown): HttpResponse {
    const head = this.toHeaders(exchange, headers, undefined);
    const trailers = this.toTrailers(exchange, { error });
    const accepted = { "grpc-accept-encoding": this.options.compressions.names };
    if (framing === "grpc") return { status: 200, headers: { ...trailers, ...head, ...accepted } };
    return { status: 200, headers: { ...head, ...accepted }, body: toWebBody(framing, writeTrailers(trailers)) };
  }
}

function toWebBody(framing: "web" | "web-text", ...parts: readonly Uint8Array[]): Uint8Array {
  const encoded = framing === "web-text" ? parts.map(toBase64) : parts;
  const whole = new Uint8Array(encoded.reduce((length, part) => length + part.length, 0));
  let at = 0;
  for (const part of encoded) {
    whole.set(part, at);
    at += part.length;
  }
  return whole;
}
