import type { AnyMethod, CallResult, HttpBinding } from "../../../cqrs/index.js";
import { eventStreamHeaders, eventStreamType, type HttpRequest, type HttpResponse } from "../../../http/index.js";
import { createHttpBodyReader, type HttpBody } from "../messages/index.js";
import { createBodyWriter } from "../response/index.js";
import { openRawStream } from "./raw-stream.js";
import { openEventStream } from "./sse-body.js";

/** The options of streams. */
export interface StreamOptions {
  readonly heartbeat: number;
  readonly retry: number | undefined;
  readonly writeTimeout: number | undefined;
}

/** Writes the streams of one HTTP binding: server-sent events, or raw bytes if the items are `google.api.HttpBody`. */
export class StreamWriter {
  private readonly options: StreamOptions;
  private readonly toData: (message: unknown) => string;
  private readonly toHttpBody: ((message: unknown) => HttpBody) | undefined;

  constructor(method: AnyMethod, http: HttpBinding, options: StreamOptions) {
    this.options = options;
    this.toData = createBodyWriter(method, http);
    this.toHttpBody = createHttpBodyReader(method, http);
  }

  /** Whether `accept` can choose a type. */
  get isNegotiable(): boolean {
    return this.toHttpBody === undefined;
  }

  /** Rejects with an error that occurs before the stream has started. `toErrorData` writes a later one for the client. */
  async write(
    request: HttpRequest,
    { response }: CallResult,
    correlationId: string,
    toErrorData: (error: unknown) => string,
  ): Promise<HttpResponse> {
    const items = response as AsyncIterable<unknown>;
    const { signal } = request;
    const { writeTimeout } = this.options;
    const headers = { ...eventStreamHeaders, "x-correlation-id": correlationId };
    if (this.toHttpBody === undefined) {
      const { toData, options } = this;
      const { heartbeat, retry } = options;
      const source = { items, toData, toErrorData, signal, heartbeat, ...(retry !== undefined && { retry }) };
      const body = await openEventStream(source);
      return { status: 200, headers: { "content-type": eventStreamType, ...headers }, body, writeTimeout };
    }
    const { contentType, body } = await openRawStream(items, this.toHttpBody, signal);
    const type = { ...(contentType !== undefined && { "content-type": contentType }) };
    return { status: 200, headers: { ...type, "x-content-type-options": "nosniff", ...headers }, body, writeTimeout };
  }
}
