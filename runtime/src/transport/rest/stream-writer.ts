import type { AnyMethod, CallResult, HttpBinding } from "../../cqrs/index.js";
import type { HttpRequest, HttpResponse } from "../../http/index.js";
import { openEventStream } from "./event-stream.js";
import { createHttpBodyReader, type HttpBody } from "./http-body.js";
import { openRawStream } from "./raw-stream.js";
import { createResponseWriter } from "./response-writer.js";

/** What may be set about streams. */
export interface StreamOptions {
  readonly heartbeat: number;
  readonly retry: number | undefined;
  readonly writeTimeout: number | undefined;
}

export const eventStream = "text/event-stream";

/** Writes the streams of one HTTP binding: server-sent events, or raw bytes where items are `google.api.HttpBody`. */
export class StreamWriter {
  private readonly options: StreamOptions;
  private readonly toData: (message: unknown) => string;
  private readonly toHttpBody: ((message: unknown) => HttpBody) | undefined;

  constructor(method: AnyMethod, http: HttpBinding, options: StreamOptions) {
    this.options = options;
    this.toData = createResponseWriter(method, http);
    this.toHttpBody = createHttpBodyReader(method, http);
  }

  /** Whether an `accept` header has something to choose from. */
  get isNegotiable(): boolean {
    return this.toHttpBody === undefined;
  }

  /** Rejects with an error that comes before the stream has begun. `toErrorData` writes a later one for the client. */
  async write(
    request: HttpRequest,
    { response }: CallResult,
    correlationId: string,
    toErrorData: (error: unknown) => string,
  ): Promise<HttpResponse> {
    const items = response as AsyncIterable<unknown>;
    const { signal } = request;
    const { writeTimeout } = this.options;
    // Proxies must neither keep nor gather what is meant to arrive at once.
    const headers = { "cache-control": "no-store", "x-accel-buffering": "no", "x-correlation-id": correlationId };
    if (this.toHttpBody === undefined) {
      const { toData, options } = this;
      const body = await openEventStream({ items, toData, toErrorData, signal, ...options });
      return { status: 200, headers: { "content-type": eventStream, ...headers }, body, writeTimeout };
    }
    const { contentType, body } = await openRawStream(items, this.toHttpBody, signal);
    const type = { ...(contentType !== undefined && { "content-type": contentType }) };
    return { status: 200, headers: { ...type, "x-content-type-options": "nosniff", ...headers }, body, writeTimeout };
  }
}
