import { andThen } from "../../../async/index.js";
import type { CallResult } from "../../../cqrs/index.js";
import {
  cacheControlOf,
  type HttpFields,
  type HttpRequest,
  type HttpResponse,
  isUnchanged,
  toBodyTag,
  toVersionTag,
  varyOf,
} from "../../../http/index.js";
import { type Endpoint, Exchange, type FormatName } from "../calls/index.js";
import { decompress } from "../compression/index.js";
import { type EnvelopeRules, messageTooLarge } from "../envelope/index.js";
import { connectFormsOf } from "../status/index.js";
import { headersOf, trailersOf } from "./added-fields.js";
import { toConnectError } from "./connect-error.js";
import { type ConnectGet, readConnectGet } from "./connect-get.js";
import { checkConnectVersion, readConnectTimeout } from "./connect-headers.js";
import type { ConnectOptions } from "./connect-options.js";
import type { ConnectType } from "./content-type.js";

/** Serves unary methods over Connect: a bare message, or an error in JSON with its own HTTP status. */
export class ConnectUnary {
  private readonly options: ConnectOptions;
  private readonly rules: EnvelopeRules;

  constructor(options: ConnectOptions) {
    this.options = options;
    this.rules = { limit: options.maxMessageSize, malformed: "invalid_argument" };
  }

  /** Answers a POST request. Never rejects. */
  async serve(endpoint: Endpoint, request: HttpRequest, { format, contentType }: ConnectType): Promise<HttpResponse> {
    const exchange = new Exchange(endpoint, request, this.options);
    try {
      checkConnectVersion(request.header("connect-protocol-version"), "1");
      const timeout = readConnectTimeout(request.header("connect-timeout-ms"));
      // Refuses what is not supported as Connect demands. The server inflates the body, within the limit.
      this.options.compressions.find(request.header("content-encoding"));
      const { decode, encode } = endpoint.formats[format];
      const { response, version } = await exchange.unary(timeout, () => request.bytes(this.rules.limit).then(decode));
      const headers: Record<string, string | readonly string[]> = {
        ...metadataOf(exchange),
        "content-type": contentType,
        "x-correlation-id": exchange.correlationId,
      };
      if (version !== undefined) headers["etag"] = toVersionTag(version);
      const body = encode(response);
      if (body.length < this.options.compressions.threshold) return { status: 200, headers, body };
      headers["vary"] = "accept-encoding";
      return await this.compress(request, headers, body);
    } catch (error) {
      return this.fail(exchange, error);
    }
  }

  /** Answers a GET request. Never rejects. Resolves with undefined if the format of its message is unknown. */
  async serveGet(endpoint: Endpoint, request: HttpRequest): Promise<HttpResponse | undefined> {
    const exchange = new Exchange(endpoint, request, this.options);
    try {
      const timeout = readConnectTimeout(request.header("connect-timeout-ms"));
      const parameters = readConnectGet(request.query);
      const { format } = parameters;
      if (format === undefined) return undefined;
      const result = await exchange.unary(timeout, async () => this.readParameter(endpoint, format, parameters));
      return await this.answerGet(exchange, result, format);
    } catch (error) {
      return this.fail(exchange, error);
    }
  }

  private readParameter(endpoint: Endpoint, format: FormatName, { compression, message }: ConnectGet): unknown {
    const coding = this.options.compressions.find(compression);
    if (message.length > this.rules.limit) throw messageTooLarge(this.rules.limit);
    const bytes = coding === undefined ? message : decompress(coding, message, this.rules);
    return andThen(bytes, endpoint.formats[format].decode);
  }

  private answerGet(
    exchange: Exchange,
    { response, version }: CallResult,
    format: FormatName,
  ): HttpResponse | Promise<HttpResponse> {
    const { request, endpoint } = exchange;
    const body = endpoint.formats[format].encode(response);
    const tag =
      version !== undefined ? toVersionTag(version) : this.options.etag === "body" ? toBodyTag(body) : undefined;
    const headers: Record<string, string | readonly string[]> = {
      ...metadataOf(exchange),
      "cache-control": cacheControlOf(endpoint.method, request),
      vary: varyOf(endpoint.method, "accept-encoding") ?? "accept-encoding",
      ...(tag !== undefined && { etag: tag }),
      "x-correlation-id": exchange.correlationId,
    };
    if (isUnchanged(request, tag)) return { status: 304, headers };
    headers["content-type"] = `application/${format}`;
    if (body.length < this.options.compressions.threshold) return { status: 200, headers, body };
    return this.compress(request, headers, body);
  }

  /** Compresses a response if its client accepts it. */
  private async compress(
    request: HttpRequest,
    headers: Record<string, string | readonly string[]>,
    body: Uint8Array,
  ): Promise<HttpResponse> {
    const coding = this.options.compressions.accepted(request.header("accept-encoding"));
    if (coding === undefined || body.length === 0) return { status: 200, headers, body };
    headers["content-encoding"] = coding.name;
    return { status: 200, headers, body: await coding.compress(body) };
  }

  private fail(exchange: Exchange, error: unknown): HttpResponse {
    let added: HttpFields;
    try {
      added = metadataOf(exchange);
    } catch (invalid) {
      // What the handler has added cannot be sent, and is left out from now on.
      exchange.report(invalid);
      return this.fail(exchange, error);
    }
    const report = exchange.report(error);
    const { retryAfter } = report;
    const headers: HttpFields = {
      ...added,
      "content-type": "application/json",
      "cache-control": "no-store",
      ...(report.code === "unimplemented" && { "accept-encoding": this.options.compressions.names }),
      ...(retryAfter !== undefined && { "retry-after": String(Math.ceil(retryAfter / 1000)) }),
      "x-correlation-id": exchange.correlationId,
    };
    return { status: connectFormsOf(report.code).status, headers, body: JSON.stringify(toConnectError(report)) };
  }
}

/** Headers and trailers that the handler has added: of an unary call, trailers are headers too. */
function metadataOf(exchange: Exchange): HttpFields {
  const headers = headersOf(exchange);
  const trailers = Object.entries(trailersOf(exchange));
  if (trailers.length === 0) return headers;
  return { ...headers, ...Object.fromEntries(trailers.map(([name, value]) => [`trailer-${name}`, value])) };
}
