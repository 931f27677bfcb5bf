import { andThen } from "../../../async/index.js";
import type { CallResult } from "../../../cqrs/index.js";
import { type HttpFields, type HttpRequest, type HttpResponse, toFields } from "../../../http/index.js";
import { type Endpoint, Exchange, type FormatName } from "../calls/index.js";
import { type Coding, decompress } from "../compression/index.js";
import { messageTooLarge } from "../envelope/index.js";
import { formsOf } from "../status/index.js";
import { toConnectError } from "./connect-error.js";
import { readConnectGet } from "./connect-get.js";
import type { ConnectOptions } from "./connect-options.js";
import { checkConnectVersion, readConnectTimeout } from "./connect-timeout.js";
import type { ConnectType } from "./content-type.js";
import { reserved } from "./reserved.js";

/** Serves unary methods over Connect: a bare message, or an error in JSON with its own HTTP status. */
export class ConnectUnary {
  private readonly options: ConnectOptions;

  constructor(options: ConnectOptions) {
    this.options = options;
  }

  /** Answers a POST request. Never rejects. */
  async serve(endpoint: Endpoint, request: HttpRequest, { format, contentType }: ConnectType): Promise<HttpResponse> {
    const exchange = new Exchange(endpoint, request, this.options);
    try {
      checkConnectVersion(request.header("connect-protocol-version"), "1");
      const timeout = readConnectTimeout(request.header("connect-timeout-ms"));
      // The server inflates the body, within the limit.
      this.options.compressions.find(request.header("content-encoding"));
      const { maxMessageSize } = this.options;
      const { decode } = endpoint.formats[format];
      const result = await exchange.unary(timeout, async () => decode(await request.bytes(maxMessageSize)));
      return await this.answer(exchange, result, format, contentType, {});
    } catch (error) {
      return this.fail(exchange, error);
    }
  }

  /** Answers a GET request. Never rejects. Returns undefined if the format of its message is unknown. */
  async serveGet(endpoint: Endpoint, request: HttpRequest): Promise<HttpResponse | undefined> {
    const exchange = new Exchange(endpoint, request, this.options);
    try {
      const timeout = readConnectTimeout(request.header("connect-timeout-ms"));
      const { format, compression, message } = readConnectGet(request.query);
      if (format === undefined) return undefined;
      const coding = this.options.compressions.find(compression);
      const result = await exchange.unary(timeout, async () => this.decode(endpoint, format, coding, message));
      return await this.answer(exchange, result, format, `application/${format}`, {});
    } catch (error) {
      return this.fail(exchange, error);
    }
  }

  private decode(endpoint: Endpoint, format: FormatName, coding: Coding | undefined, message: Uint8Array): unknown {
    const { maxMessageSize } = this.options;
    if (message.length > maxMessageSize) throw messageTooLarge(maxMessageSize);
    const bytes = coding === undefined ? message : decompress(coding, message, maxMessageSize);
    return andThen(bytes, endpoint.formats[format].decode);
  }

  private async answer(
    exchange: Exchange,
    { response }: CallResult,
    format: FormatName,
    contentType: string,
    further: HttpFields,
  ): Promise<HttpResponse> {
    const bytes = exchange.endpoint.formats[format].encode(response);
    const { compressions } = this.options;
    const headers: Record<string, string | readonly string[]> = {
      ...metadataOf(exchange),
      "content-type": contentType,
      ...further,
      "x-correlation-id": exchange.correlationId,
    };
    if (bytes.length < compressions.threshold) return { status: 200, headers, body: bytes };
    headers["vary"] = "accept-encoding";
    const coding = compressions.accepted(exchange.request.header("accept-encoding"));
    if (coding === undefined) return { status: 200, headers, body: bytes };
    headers["content-encoding"] = coding.name;
    return { status: 200, headers, body: await coding.compress(bytes) };
  }

  private fail(exchange: Exchange, error: unknown): HttpResponse {
    const report = exchange.report(error);
    const headers: HttpFields = {
      ...metadataOf(exchange),
      "content-type": "application/json",
      "cache-control": "no-store",
      ...(report.retryAfter !== undefined && { "retry-after": String(Math.ceil(report.retryAfter / 1000)) }),
      "x-correlation-id": exchange.correlationId,
    };
    return { status: formsOf(report.code).status, headers, body: JSON.stringify(toConnectError(report)) };
  }
}

/** Headers and trailers that the handler has added: over HTTP, trailers are headers too. */
function metadataOf({ addedHeaders, addedTrailers }: Exchange): HttpFields {
  if (addedHeaders === undefined && addedTrailers === undefined) return {};
  const fields: Record<string, string | string[]> = addedHeaders === undefined ? {} : toFields(addedHeaders, reserved);
  if (addedTrailers === undefined) return fields;
  for (const [name, value] of Object.entries(toFields(addedTrailers))) fields[`trailer-${name}`] = value;
  return fields;
}
