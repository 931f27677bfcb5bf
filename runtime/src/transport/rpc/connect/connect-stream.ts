import type { CallResult } from "../../../cqrs/index.js";
import type { HttpFields, HttpRequest, HttpResponse } from "../../../http/index.js";
import { toVersionTag } from "../../../http/index.js";
import {
  beginFields,
  type CallScope,
  type Endpoint,
  Exchange,
  openEnvelopedRequest,
  positionFields,
  type RequestSource,
  ResponseBody,
} from "../calls/index.js";
import { type Coding, sealEnvelope } from "../compression/index.js";
import { type EnvelopeRules, writeEnvelope } from "../envelope/index.js";
import { headersOf, trailersOf } from "./added-fields.js";
import { toConnectError } from "./connect-error.js";
import { checkConnectVersion, readConnectTimeout } from "./connect-headers.js";
import type { ConnectOptions } from "./connect-options.js";
import type { ConnectType } from "./content-type.js";

/** The flag of the envelope that ends a response. */
const endFlag = 0b10;

const encoder = new TextEncoder();

/** Serves methods with streams over Connect: messages in envelopes, and the outcome in a last one. The status is always 200. */
export class ConnectStream {
  private readonly options: ConnectOptions;
  private readonly rules: EnvelopeRules;

  constructor(options: ConnectOptions) {
    this.options = options;
    this.rules = { limit: options.maxMessageSize, malformed: "invalid_argument" };
  }

  /** Answers a request to a method. Never rejects. */
  async serve(endpoint: Endpoint, request: HttpRequest, type: ConnectType): Promise<HttpResponse> {
    const exchange = new Exchange(endpoint, request, this.options);
    try {
      checkConnectVersion(request.header("connect-protocol-version"), "1");
      const timeout = readConnectTimeout(request.header("connect-timeout-ms"));
      const { compressions } = this.options;
      const writing = {
        format: endpoint.formats[type.format],
        coding: compressions.find(request.header("connect-content-encoding")),
        rules: this.rules,
      };
      const accepted = compressions.accepted(request.header("connect-accept-encoding"));
      const open = (scope: CallScope): RequestSource => openEnvelopedRequest(endpoint, request, writing, scope);
      if (endpoint.writesStream) return await this.stream(exchange, type, timeout, open, accepted);
      return await this.answer(exchange, type, await exchange.clientStream(timeout, open), accepted);
    } catch (error) {
      return this.fail(exchange, type, error);
    }
  }

  private async answer(
    exchange: Exchange,
    { format, contentType }: ConnectType,
    { response, version }: CallResult,
    accepted: Coding | undefined,
  ): Promise<HttpResponse> {
    const bytes = exchange.endpoint.formats[format].encode(response);
    const message = await sealEnvelope(bytes, accepted, this.options.compressions.threshold);
    const end = this.writeEnd(exchange, undefined);
    const body = new Uint8Array(message.length + end.length);
    body.set(message);
    body.set(end, message.length);
    const headers = toHeaders(exchange, contentType, accepted);
    return {
      status: 200,
      headers: version === undefined ? headers : { ...headers, etag: toVersionTag(version) },
      body,
    };
  }

  private async stream(
    exchange: Exchange,
    { format, contentType }: ConnectType,
    timeout: number,
    open: (scope: CallScope) => RequestSource,
    accepted: Coding | undefined,
  ): Promise<HttpResponse> {
    const items = await exchange.serverStream(timeout, open);
    const { encode } = exchange.endpoint.formats[format];
    const { threshold } = this.options.compressions;
    const body = new ResponseBody(items, {
      write: (item) => sealEnvelope(encode(item), accepted, threshold),
      finish: (failure, position) => this.writeEnd(exchange, failure, position),
    });
    try {
      const headers = { ...toHeaders(exchange, contentType, accepted), ...beginFields(items, exchange) };
      return { status: 200, headers, body };
    } catch (error) {
      items.close();
      throw error;
    }
  }

  private fail(exchange: Exchange, type: ConnectType, error: unknown): HttpResponse {
    try {
      const headers = toHeaders(exchange, type.contentType, undefined);
      const accepted = { "connect-accept-encoding": this.options.compressions.names };
      return { status: 200, headers: { ...headers, ...accepted }, body: this.writeEnd(exchange, { error }) };
    } catch (invalid) {
      // What the handler has added cannot be sent, and is left out from now on.
      exchange.report(invalid);
      return this.fail(exchange, type, error);
    }
  }

  private writeEnd(
    exchange: Exchange,
    failure: { readonly error: unknown } | undefined,
    position?: string,
  ): Uint8Array {
    const metadata = toLists({ ...trailersOf(exchange), ...positionFields(position) });
    const error = failure && toConnectError(exchange.report(failure.error));
    const text = JSON.stringify({ ...(error && { error }), ...(metadata && { metadata }) });
    return writeEnvelope(encoder.encode(text), endFlag);
  }
}

function toLists(fields: HttpFields): Readonly<Record<string, readonly string[]>> | undefined {
  const entries = Object.entries(fields);
  if (entries.length === 0) return undefined;
  return Object.fromEntries(entries.map(([name, value]) => [name, typeof value === "string" ? [value] : value]));
}

function toHeaders(exchange: Exchange, contentType: string, coding: Coding | undefined): HttpFields {
  return {
    ...headersOf(exchange),
    "content-type": contentType,
    ...(coding && { "connect-content-encoding": coding.name }),
    "x-correlation-id": exchange.correlationId,
  };
}
