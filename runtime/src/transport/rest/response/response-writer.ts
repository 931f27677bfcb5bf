import type { AnyMethod, CallResult, HttpBinding } from "../../../cqrs/index.js";
import {
  cacheControlOf,
  type HttpRequest,
  type HttpResponse,
  isUnchanged,
  toBodyTag,
  toVersionTag,
  varyOf,
} from "../../../http/index.js";
import { createHttpBodyReader, type HttpBody } from "../messages/index.js";
import { createBodyWriter } from "./body-writer.js";
import type { ResponseFormat } from "./response-formats.js";

/** The options of responses. */
export interface ResponseOptions {
  /** The source of the ETag: the version of the result, or else, for a GET, its body. */
  readonly etag: "version" | "body";
  readonly writeTimeout: number | undefined;
}

const json = "application/json";

/** Writes the results of calls as the responses of one HTTP binding. */
export class ResponseWriter {
  private readonly method: AnyMethod;
  private readonly status: number;
  private readonly isGet: boolean;
  private readonly tagsBody: boolean;
  private readonly writeTimeout: number | undefined;
  private readonly toJson: (message: unknown) => string;
  private readonly toHttpBody: ((message: unknown) => HttpBody) | undefined;
  /** All headers on which responses depend that caches may store. */
  private readonly vary: string | undefined;

  constructor(method: AnyMethod, http: HttpBinding, options: ResponseOptions) {
    const { status = 200 } = method;
    this.method = method;
    this.status = status;
    this.isGet = http.method === "GET";
    this.tagsBody = this.isGet && options.etag === "body" && status !== 204;
    this.writeTimeout = options.writeTimeout;
    this.toJson = createBodyWriter(method, http);
    this.toHttpBody = createHttpBodyReader(method, http);
    if (this.isGet) this.vary = varyOf(method, this.isNegotiable ? "accept" : undefined);
  }

  /** Whether `accept` can choose a format. */
  get isNegotiable(): boolean {
    return this.status !== 204 && this.toHttpBody === undefined;
  }

  /** Writes a result. `format` undefined: JSON. `varies`: the format depends on `accept`. */
  write(
    request: HttpRequest,
    { response, version }: CallResult,
    correlationId: string,
    format: ResponseFormat | undefined,
    varies: boolean,
  ): HttpResponse {
    const headers: Record<string, string> = {};
    const body = this.writeBody(response, format, headers);
    headers["x-correlation-id"] = correlationId;
    if (this.isGet) headers["cache-control"] = cacheControlOf(this.method, request);
    if (this.vary !== undefined) headers["vary"] = this.vary;
    else if (varies) headers["vary"] = "accept";
    if (version !== undefined) headers["etag"] = toVersionTag(version);
    else if (this.tagsBody && body !== undefined) headers["etag"] = toBodyTag(body);
    if (this.isGet && isUnchanged(request, headers["etag"])) {
      delete headers["content-type"];
      return { status: 304, headers };
    }
    return { status: this.status, headers, body, writeTimeout: this.writeTimeout };
  }

  private writeBody(
    response: unknown,
    format: ResponseFormat | undefined,
    headers: Record<string, string>,
  ): string | Uint8Array | undefined {
    if (this.status === 204) return undefined;
    if (this.toHttpBody === undefined) {
      headers["content-type"] = format === undefined ? json : format.contentType;
      return format === undefined ? this.toJson(response) : format.write(response);
    }
    const { contentType, data } = this.toHttpBody(response);
    headers["content-type"] = contentType;
    // The bytes may come from a user: a browser must not interpret them as another type.
    headers["x-content-type-options"] = "nosniff";
    return data;
  }
}
