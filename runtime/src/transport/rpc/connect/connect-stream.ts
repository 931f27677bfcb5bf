import { andThen } from "../../../async/index.js";
import type { CallResult } from "../../../cqrs/index.js";
import { type HttpFields, type HttpRequest, type HttpResponse, toFields } from "../../../http/index.js";
import {
  type CallScope,
  type Endpoint,
  Exchange,
  type MessageFormat,
  RequestMessages,
  type RequestSource,
  ResponseBody,
} from "../calls/index.js";
import { type Coding, openEnvelope, sealEnvelope } from "../compression/index.js";
import { EnvelopeReader, prefixLength, readSingleEnvelope, writeEnvelope } from "../envelope/index.js";
import { toConnectError } from "./connect-error.js";
import type { ConnectOptions } from "./connect-options.js";
import { checkConnectVersion, readConnectTimeout } from "./connect-timeout.js";
import type { ConnectType } from "./content-type.js";
import { reserved } from "./reserved.js";

/** The flag of the envelope that ends a response. */
const endFlag = 0b10;

const encoder = new TextEncoder();

/** Serves methods with streams over Connect: messages in envelopes, and the outcome in a last one. The status is always 200. */
export class ConnectStream {
  private readonly options: ConnectOptions;

  constructor(options: ConnectOptions) {
    this.options = options;
  }

  /** Answers a request to a method. Never rejects. */
  async serve(endpoint: Endpoint, request: HttpRequest, { format, contentType }: ConnectType): Promise<HttpResponse> {
    const exchange = new Exchange(endpoint, request, this.options);
    try {
      checkConnectVersion(request.header("connect-protocol-version"), "1");
      const timeout = readConnectTimeout(request.header("connect-timeout-ms"));
      const { compressions } = this.options;
      const sent = compressions.find(request.header("connect-content-encoding"));
      const accepted = compressions.accepted(request.header("connect-accept-encoding"));
      const open = (scope: CallScope): RequestSource => this.open(exchange, endpoint.formats[format], sent, scope);
      return endpoint.writesStream
        ? await this.stream(exchange, open, timeout, format, contentType, accepted)
        : await this.answer(exchange, await exchange.clientStream(timeout, open), format, contentType, accepted);
    } catch (error) {
      const body = this.writeEnd(exchange, { error });
      return { status: 200, headers: toHeaders(exchange, contentType, undefined), body };
    }
  }

  private open(
    { request, endpoint }: Exchange,
    format: MessageFormat,
    coding: Coding | undefined,
    scope: CallScope,
  ): RequestSource {
    const { maxMessageSize: limit } = this.options;
    if (!endpoint.readsStream) {
      const read = async (): Promise<unknown> => {
        const envelope = readSingleEnvelope(await request.bytes(prefixLength + limit), limit);
        return andThen(openEnvelope(envelope, coding, limit), format.decode);
      };
      return { read, release() {} };
    }
    const messages = new RequestMessages(
      new EnvelopeReader(request.chunks(), limit),
      (envelope) => andThen(openEnvelope(envelope, coding, limit), format.decode),
      scope,
    );
    return { read: async () => messages, release: () => messages.release() };
  }

  private async answer(
    exchange: Exchange,
    { response }: CallResult,
    format: ConnectType["format"],
    contentType: string,
    coding: Coding | undefined,
  ): Promise<HttpResponse> {
    const bytes = exchange.endpoint.formats[format].encode(response);
    const message = await sealEnvelope(bytes, coding, this.options.compressions.threshold);
    const end = this.writeEnd(exchange, undefined);
    const body = new Uint8Array(message.length + end.length);
    body.set(message);
    body.set(end, message.length);
    return { status: 200, headers: toHeaders(exchange, contentType, coding), body };
  }

  private async stream(
    exchange: Exchange,
    open: (scope: CallScope) => RequestSource,
    timeout: number,
    format: ConnectType["format"],
    contentType: string,
    coding: Coding | undefined,
  ): Promise<HttpResponse> {
    const items = await exchange.serverStream(timeout, open);
    const { encode } = exchange.endpoint.formats[format];
    const { threshold } = this.options.compressions;
    const body = new ResponseBody(items, {
      write: (item) => sealEnvelope(encode(item), coding, threshold),
      finish: (failure) => this.writeEnd(exchange, failure),
    });
    return { status: 200, headers: toHeaders(exchange, contentType, coding), body };
  }

  private writeEnd(exchange: Exchange, failure: { readonly error: unknown } | undefined): Uint8Array {
    const error = failure && toConnectError(exchange.report(failure.error));
    const metadata = toLists(exchange.addedTrailers && toFields(exchange.addedTrailers));
    const text = JSON.stringify({ ...(error && { error }), ...(metadata && { metadata }) });
    return writeEnvelope(encoder.encode(text), endFlag);
  }
}

function toLists(fields: Readonly<Record<string, string | string[]>> | undefined): object | undefined {
  if (fields === undefined) return undefined;
  return Object.fromEntries(
    Object.entries(fields).map(([name, value]) => [name, typeof value === "string" ? [value] : value]),
  );
}

function toHeaders(exchange: Exchange, contentType: string, coding: Coding | undefined): HttpFields {
  const { addedHeaders, correlationId } = exchange;
  return {
    ...(addedHeaders && toFields(addedHeaders, reserved)),
    "content-type": contentType,
    ...(coding && { "connect-content-encoding": coding.name }),
    "x-correlation-id": correlationId,
  };
}
