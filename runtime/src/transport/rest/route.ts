import {
  type AnyMethod,
  type CallOptions,
  type CallResult,
  followStream,
  type HttpBinding,
  type Logger,
  logFault,
  runWithin,
} from "../../cqrs/index.js";
import { isPotterError } from "../../errors/index.js";
import {
  type BodyFormat,
  type BoundMethod,
  correlationIdOf,
  HttpError,
  type HttpRequest,
  type HttpResponse,
  problemResponse,
  readRequestTimeout,
  type SiteCheck,
  type TransportHost,
  toProblem,
} from "../../http/index.js";
import { chooseType } from "./accept.js";
import { type AnswerOptions, AnswerWriter } from "./answer-writer.js";
import { RequestOptions } from "./call-options.js";
import { type AnswerFormat, Formats } from "./formats.js";
import { ParameterError } from "./parameter-error.js";
import { RequestReader, type RequestReaderOptions } from "./request-reader.js";
import { eventStream, type StreamOptions, StreamWriter } from "./stream-writer.js";

export interface RouteOptions extends RequestReaderOptions, AnswerOptions, StreamOptions {
  readonly maxBodyBytes: number;
  readonly maxTimeout: number | undefined;
  readonly identify: TransportHost["identify"];
  readonly challenge: string | undefined;
  readonly sites: SiteCheck;
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
  private readonly formats: Formats;
  private readonly answers: AnswerWriter;
  /** undefined: the answer is no stream. */
  private readonly streams: StreamWriter | undefined;
  private readonly isCommand: boolean;
  /** Whether an `accept` header has something to choose from. */
  private readonly isNegotiable: boolean;
  private readonly maxBodyBytes: number;
  private readonly maxTimeout: number | undefined;
  private readonly identify: TransportHost["identify"];
  private readonly challenge: string | undefined;
  private readonly sites: SiteCheck;
  private readonly logger: Logger;

  constructor(bound: BoundMethod, http: HttpBinding, options: RouteOptions) {
    const { method } = bound;
    this.bound = bound;
    this.method = method;
    this.http = http;
    this.reader = new RequestReader(method, http, options);
    this.formats = new Formats(method, http, this.reader, options.formats, options.maxJsonDepth);
    this.answers = new AnswerWriter(method, http, options);
    this.streams = method.stream === "server" ? new StreamWriter(method, http, options) : undefined;
    this.isCommand = method.kind === "command";
    this.isNegotiable = (this.streams ?? this.answers).isNegotiable;
    this.maxBodyBytes = options.maxBodyBytes;
    this.maxTimeout = options.maxTimeout;
    this.identify = options.identify;
    this.challenge = options.challenge;
    this.sites = options.sites;
    this.logger = options.logger;
  }

  /** Answers a request. Never rejects. `values` are what the variables of the path matched. */
  async serve(request: HttpRequest, values: readonly string[]): Promise<HttpResponse> {
    const correlationId = correlationIdOf(request);
    let options: RequestOptions | undefined;
    try {
      if (this.isCommand && this.http.method === "GET") this.sites.check(request);
      // First: whoever is refused learns nothing of what a request must be like.
      const caller = this.identify && (await this.identify(request));
      const accept = request.header("accept");
      const asked = accept !== undefined && accept !== "*/*" && accept !== json && this.isNegotiable;
      const format = asked ? this.negotiate(accept) : undefined;
      let message: unknown;
      if (this.reader.hasBody) {
        const type = request.header("content-type");
        const read = type === json ? this.formats.raw : this.formats.request(type);
        message =
          type === undefined && read === undefined
            ? this.reader.read(await this.readNothing(request), request.query, values)
            : read === undefined
              ? this.reader.read(await request.text(this.maxBodyBytes), request.query, values)
              : read(await request.bytes(this.maxBodyBytes), type ?? "", request.query, values);
      } else {
        message = this.reader.read("", request.query, values);
      }
      options = new RequestOptions(request, this.isCommand, this.streams !== undefined, correlationId, caller);
      const timeout = request.header("request-timeout");
      const result = await (timeout === undefined && this.maxTimeout === undefined
        ? this.bound.invoke(message, options)
        : this.invokeWithin(timeout, message, options));
      return this.streams === undefined
        ? this.answers.write(request, result, correlationId, format, asked && this.formats.several)
        : await this.stream(this.streams, request, result, correlationId);
    } catch (error) {
      return this.fail(request, error, correlationId, options);
    }
  }

  /** A body must say what it is: one without a type is what a page of another site can send unasked. Without a body there is nothing to say. */
  private async readNothing(request: HttpRequest): Promise<string> {
    const { length } = await request.bytes(this.maxBodyBytes);
    if (length > 0) throw this.formats.unknownType();
    return "";
  }

  /** As GET without its body: a stream is begun, since its status says whether it may be, and left. */
  async serveHead(request: HttpRequest, values: readonly string[]): Promise<HttpResponse> {
    const { status, headers, body } = await this.serve(request, values);
    if (typeof body === "object" && !(body instanceof Uint8Array)) {
      // Not awaited: its source may be at work on an item.
      body[Symbol.asyncIterator]()
        .return?.()
        .catch(() => {});
      return { status, headers };
    }
    if (status === 204 || status === 304) return { status, headers };
    const bytes = typeof body === "string" ? new TextEncoder().encode(body) : (body as Uint8Array | undefined);
    return { status, headers: { ...headers, "content-length": String(bytes?.length ?? 0) } };
  }

  private negotiate(accept: string): AnswerFormat | undefined {
    if (this.streams === undefined) return this.formats.answer(accept);
    if (chooseType(accept, [eventStream]) >= 0) return undefined;
    throw new HttpError(406, "invalid_argument", `answers are of the type ${eventStream}`);
  }

  private invokeWithin(timeout: string | undefined, message: unknown, options: RequestOptions): Promise<CallResult> {
    const asked = timeout === undefined ? Number.POSITIVE_INFINITY : readRequestTimeout(timeout);
    const limit = Math.min(asked, this.maxTimeout ?? Number.POSITIVE_INFINITY);
    const invoke = (signal: AbortSignal) => {
      options.deadline = signal;
      return this.bound.invoke(message, options);
    };
    return runWithin(limit, this.method, options.signal, invoke, followStream);
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
    options: CallOptions | undefined,
  ): HttpResponse {
    this.log(thrown, correlationId);
    const error = options?.expectedVersion === undefined ? thrown : toPreconditionError(thrown);
    const locate =
      error instanceof ParameterError ? (field: string) => ({ in: error.place, field }) : this.reader.locate;
    return problemResponse(error, { instance: request.path, correlationId, challenge: this.challenge, locate });
  }

  /** Those of calls are logged where they are made: what comes here else are streams, and faults on the way. */
  private log(error: unknown, correlationId: string): void {
    logFault(this.logger, "request failed", error, {
      method: `${this.method.service}.${this.method.name}`,
      correlationId,
    });
  }
}

/** A conflict over the version that If-Match named is a failed precondition (RFC 9110, section 13.1.1). */
function toPreconditionError(error: unknown): unknown {
  if (!isPotterError(error) || error.code !== "aborted" || error.detail !== undefined) return error;
  return new HttpError(412, error.code, error.message, { cause: error });
}
