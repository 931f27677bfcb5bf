import type { AnyMethod, CallOptions, CallResult, HttpBinding, Logger } from "../../cqrs/index.js";
import { isPotterError } from "../../errors/index.js";
import {
  type BoundMethod,
  HttpError,
  type HttpRequest,
  type HttpResponse,
  problemResponse,
  toProblem,
} from "../../http/index.js";
import { newId } from "../../message/index.js";
import { checkAccept } from "./accept.js";
import { checkContentType } from "./body.js";
import { RequestOptions, readCorrelationId } from "./call-options.js";
import { writeEventStream } from "./event-stream.js";
import { ParameterError } from "./parameter-error.js";
import { RequestReader, type RequestReaderOptions } from "./request-reader.js";
import { createResponseWriter } from "./response-writer.js";

export interface RouteOptions extends RequestReaderOptions {
  readonly maxBodyBytes: number;
  readonly heartbeat: number;
  readonly logger: Logger;
}

const json = "application/json";
const eventStream = "text/event-stream";

/** One HTTP binding of a method, ready to serve. */
export class Route {
  readonly method: AnyMethod;
  readonly http: HttpBinding;
  private readonly bound: BoundMethod;
  private readonly reader: RequestReader;
  private readonly write: (message: unknown) => string;
  private readonly cacheControl: string | undefined;
  private readonly maxBodyBytes: number;
  private readonly heartbeat: number;
  private readonly logger: Logger;

  constructor(bound: BoundMethod, http: HttpBinding, options: RouteOptions) {
    this.bound = bound;
    this.method = bound.method;
    this.http = http;
    this.reader = new RequestReader(bound.method, http, options);
    this.write = createResponseWriter(bound.method, http);
    const { cacheTtl } = bound.method;
    if (http.method === "GET")
      this.cacheControl = cacheTtl === undefined ? "no-store" : `private, max-age=${Math.floor(cacheTtl)}`;
    this.maxBodyBytes = options.maxBodyBytes;
    this.heartbeat = options.heartbeat;
    this.logger = options.logger;
  }

  /** Answers a request. Never rejects. `values` are what the variables of the path matched. */
  async serve(request: HttpRequest, values: readonly string[]): Promise<HttpResponse> {
    const given = readCorrelationId(request);
    const correlationId = given ?? newId();
    let options: CallOptions | undefined;
    try {
      const streams = this.method.stream === "server";
      checkAccept(request.header("accept"), streams ? eventStream : json);
      let body = "";
      if (this.reader.hasBody) {
        checkContentType(request.header("content-type"));
        body = await request.text(this.maxBodyBytes);
      }
      const message = this.reader.read(body, request.query, values);
      options = new RequestOptions(request, this.method.kind, correlationId);
      const result = await this.bound.invoke(message, options);
      return streams ? this.stream(request, result, correlationId) : this.answer(result, given);
    } catch (error) {
      return this.fail(request, error, correlationId, options);
    }
  }

  /** A correlation id is answered to those who gave one; failures always tell theirs. Headers are not free. */
  private answer(result: CallResult, correlationId: string | undefined): HttpResponse {
    const headers: Record<string, string> = { "content-type": json };
    if (correlationId !== undefined) headers["x-correlation-id"] = correlationId;
    if (this.cacheControl !== undefined) headers["cache-control"] = this.cacheControl;
    if (result.version !== undefined) headers["etag"] = `"${result.version}"`;
    return { status: 200, headers, body: this.write(result.response) };
  }

  private stream(request: HttpRequest, result: CallResult, correlationId: string): HttpResponse {
    const body = writeEventStream({
      items: result.response as AsyncIterable<unknown>,
      toData: this.write,
      toErrorData: (error) => {
        this.log(error, correlationId);
        return JSON.stringify(toProblem(error, { instance: request.path, correlationId, locate: this.reader.locate }));
      },
      signal: request.signal,
      heartbeat: this.heartbeat,
    });
    // Proxies must neither keep nor gather what is meant to arrive at once.
    const headers = {
      "content-type": eventStream,
      "cache-control": "no-store",
      "x-accel-buffering": "no",
      "x-correlation-id": correlationId,
    };
    return { status: 200, headers, body };
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
    return problemResponse(error, { instance: request.path, correlationId, locate });
  }

  /** Errors that callers are told of need no log here: what they mean is for the app's own logging to say. */
  private log(error: unknown, correlationId: string): void {
    if (isPotterError(error)) return;
    this.logger.error("request failed", { method: `${this.method.service}.${this.method.name}`, correlationId, error });
  }
}

/** A conflict over the version that If-Match named is a failed precondition (RFC 9110, section 13.1.1). */
function toPreconditionError(error: unknown): unknown {
  if (!isPotterError(error) || error.code !== "aborted" || error.detail !== undefined) return error;
  return new HttpError(412, error.code, error.message, { cause: error });
}
