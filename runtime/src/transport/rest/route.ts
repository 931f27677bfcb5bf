import { type AnyMethod, type CallResult, type HttpBinding, type Logger, logFault } from "../../cqrs/index.js";
import { isPotterError } from "../../errors/index.js";
import {
  addMetadata,
  type BodyFormat,
  type BoundMethod,
  type CallKind,
  type CsrfCheck,
  chooseType,
  correlationIdOf,
  eventStreamType,
  HttpError,
  type HttpRequest,
  type HttpResponse,
  identifyWithin,
  invokeWithin,
  problemResponse,
  RequestCall,
  readRequestTimeout,
  type TransportHost,
  toProblem,
} from "../../http/index.js";
import { ParameterError, RequestFormats, RequestReader, type RequestReaderOptions } from "./request/index.js";
import { type ResponseFormat, ResponseFormats, type ResponseOptions, ResponseWriter } from "./response/index.js";
import { type StreamOptions, StreamWriter } from "./streams/index.js";
import { toWaited } from "./waited.js";

/** The options of a route, with their defaults. */
export interface RouteOptions extends RequestReaderOptions, ResponseOptions, StreamOptions {
  readonly maxBodySize: number;
  readonly maxTimeout: number | undefined;
  readonly identify: TransportHost["identify"];
  readonly challenge: string | undefined;
  readonly csrf: CsrfCheck;
  readonly formats: readonly BodyFormat[];
  readonly logger: Logger;
}

const json = "application/json";

/** One HTTP binding of a method, ready to serve. */
export class Route {
  readonly method: AnyMethod;
  readonly http: HttpBinding;
  private readonly bound: BoundMethod;
  private readonly reader: RequestReader;
  private readonly requestFormats: RequestFormats;
  private readonly responseFormats: ResponseFormats;
  private readonly responses: ResponseWriter;
  /** undefined: the response is not a stream. */
  private readonly streams: StreamWriter | undefined;
  private readonly kind: CallKind;
  /** Whether `accept` can choose a format. */
  private readonly isNegotiable: boolean;
  private readonly maxBodySize: number;
  private readonly maxTimeout: number | undefined;
  private readonly identify: TransportHost["identify"];
  private readonly challenge: string | undefined;
  private readonly csrf: CsrfCheck;
  private readonly logger: Logger;

  constructor(bound: BoundMethod, http: HttpBinding, options: RouteOptions) {
    const { method } = bound;
    this.bound = bound;
    this.method = method;
    this.http = http;
    this.reader = new RequestReader(method, http, options);
    this.requestFormats = new RequestFormats(method, this.reader, options.formats, options.maxJsonDepth);
    this.responseFormats = new ResponseFormats(method, http, options.formats);
    this.responses = new ResponseWriter(method, http, options);
    this.streams = method.stream === "server" ? new StreamWriter(method, http, options) : undefined;
    this.kind = { command: method.kind === "command", stream: method.stream === "server" };
    this.isNegotiable = (this.streams ?? this.responses).isNegotiable;
    this.maxBodySize = options.maxBodySize;
    this.maxTimeout = options.maxTimeout;
    this.identify = options.identify;
    this.challenge = options.challenge;
    this.csrf = options.csrf;
    this.logger = options.logger;
  }

  /** Answers a request. Never rejects. `values` are the values of the path variables. */
  async serve(request: HttpRequest, values: readonly string[]): Promise<HttpResponse> {
    const correlationId = correlationIdOf(request);
    let call: RequestCall | undefined;
    try {
      if (this.kind.command && this.http.method === "GET") this.csrf.check(request);
      // Before the body is read: a refused caller learns nothing about the contract.
      const limit = this.limitOf(request);
      const isChosen = limit !== this.maxTimeout;
      const { identify } = this;
      const { caller, left } = identify
        ? await identifyWithin(() => identify(request), this.method, limit, isChosen)
        : { caller: undefined, left: limit };
      const accept = request.header("accept");
      const negotiated = accept !== undefined && accept !== "*/*" && accept !== json && this.isNegotiable;
      const format = negotiated ? this.negotiate(accept) : undefined;
      let message: unknown;
      if (this.reader.hasBody) {
        const type = request.header("content-type");
        const read = type === json ? this.requestFormats.raw : this.requestFormats.find(type);
        message =
          type === undefined && read === undefined
            ? this.reader.read(await this.readEmptyBody(request), request.query, values)
            : read === undefined
              ? this.reader.read(await request.text(this.maxBodySize), request.query, values)
              : read(await request.bytes(this.maxBodySize), type ?? "", request.query, values);
      } else {
        message = this.reader.read("", request.query, values);
      }
      call = new RequestCall(request, this.kind, correlationId, caller);
      const result = await (left === undefined
        ? this.bound.invoke(message, call)
        : invokeWithin(this.bound, message, call, left, isChosen));
      const response =
        this.streams === undefined
          ? this.responses.write(request, result, correlationId, format, negotiated && this.responseFormats.hasSeveral)
          : await this.stream(this.streams, request, result, correlationId);
      const answered = result.wait?.state === undefined ? response : toWaited(response, result.wait);
      return call.addedHeaders === undefined ? answered : addMetadata(answered, call.addedHeaders);
    } catch (error) {
      return this.fail(request, error, correlationId, call);
    }
  }

  /** A body needs a content type: a page of another site can send one without a type and without a preflight. */
  private async readEmptyBody(request: HttpRequest): Promise<string> {
    const { length } = await request.bytes(this.maxBodySize);
    if (length > 0) throw this.requestFormats.unsupportedType();
    return "";
  }

  /** Answers a HEAD request as GET, without the body. A stream is started, because its status depends on that, and released. */
  async serveHead(request: HttpRequest, values: readonly string[]): Promise<HttpResponse> {
    const { status, headers, body } = await this.serve(request, values);
    if (typeof body === "object" && !(body instanceof Uint8Array)) {
      // Not awaited: the source may be producing an item.
      body[Symbol.asyncIterator]()
        .return?.()
        .catch(() => {});
      return { status, headers };
    }
    if (status === 204 || status === 304) return { status, headers };
    const bytes = typeof body === "string" ? new TextEncoder().encode(body) : (body as Uint8Array | undefined);
    return { status, headers: { ...headers, "content-length": String(bytes?.length ?? 0) } };
  }

  private negotiate(accept: string): ResponseFormat | undefined {
    if (this.streams === undefined) return this.responseFormats.choose(accept);
    if (chooseType(accept, [eventStreamType]) >= 0) return undefined;
    throw new HttpError(406, "invalid_argument", `responses are of the type ${eventStreamType}`);
  }

  /** Returns how long a call may take, in milliseconds. undefined: as long as it likes. */
  private limitOf(request: HttpRequest): number | undefined {
    const timeout = request.header("request-timeout");
    if (timeout === undefined) return this.maxTimeout;
    return Math.min(readRequestTimeout(timeout), this.maxTimeout ?? Number.POSITIVE_INFINITY);
  }

  private stream(
    streams: StreamWriter,
    request: HttpRequest,
    result: CallResult,
    correlationId: string,
  ): Promise<HttpResponse> {
    return streams.write(request, result, correlationId, (error) => {
      this.log(error, correlationId);
      return JSON.stringify(toProblem(error, { instance: request.path, correlationId, locate: this.reader.locate }));
    });
  }

  private fail(
    request: HttpRequest,
    thrown: unknown,
    correlationId: string,
    call: RequestCall | undefined,
  ): HttpResponse {
    this.log(thrown, correlationId);
    const error = call?.expectedVersion === undefined ? thrown : toPreconditionError(thrown);
    const locate =
      error instanceof ParameterError ? (field: string) => ({ in: error.location, field }) : this.reader.locate;
    const context = { instance: request.path, correlationId, challenge: this.challenge, locate };
    return addMetadata(problemResponse(error, context), call?.addedHeaders);
  }

  /** Logs errors of streams and faults of this transport. Errors of calls are logged by the bus already. */
  private log(error: unknown, correlationId: string): void {
    logFault(this.logger, "request failed", error, {
      method: `${this.method.service}.${this.method.name}`,
      correlationId,
    });
  }
}

/** Turns a conflict over the version in If-Match into a failed precondition (RFC 9110, section 13.1.1). */
function toPreconditionError(error: unknown): unknown {
  if (!isPotterError(error) || error.code !== "aborted" || error.detail !== undefined) return error;
  return new HttpError(412, error.code, error.message, { cause: error });
}
