import type { AnyMethod, CallResult, HttpBinding } from "../../cqrs/index.js";
import type { HttpRequest, HttpResponse } from "../../http/index.js";
import { isKnown, toBodyTag, toVersionTag } from "./entity-tags.js";
import type { AnswerFormat } from "./formats.js";
import { createHttpBodyReader, type HttpBody } from "./http-body.js";
import { createResponseWriter } from "./response-writer.js";

/** What may be set about answers. */
export interface AnswerOptions {
  /** What an ETag says: the version that the result has, or else, of a GET, what its body is. */
  readonly etag: "version" | "body";
  readonly writeTimeout: number | undefined;
}

const json = "application/json";
/** By what browsers say who calls: another who signs in must not get what was kept for the one before. */
const ofCaller = "authorization, cookie";

/** Writes what calls led to as the answers of one HTTP binding. */
export class AnswerWriter {
  private readonly status: number;
  private readonly isGet: boolean;
  private readonly cacheControl: string | undefined;
  private readonly tagsBody: boolean;
  private readonly writeTimeout: number | undefined;
  private readonly toJson: (message: unknown) => string;
  private readonly toHttpBody: ((message: unknown) => HttpBody) | undefined;
  /** Whether answers are kept, so that whoever keeps them must know what they depend on. */
  private readonly kept: boolean;

  constructor(method: AnyMethod, http: HttpBinding, options: AnswerOptions) {
    const { status = 200, cacheTtl } = method;
    this.status = status;
    this.isGet = http.method === "GET";
    this.kept = this.isGet && cacheTtl !== undefined;
    if (this.isGet)
      this.cacheControl = cacheTtl === undefined ? "no-store" : `private, max-age=${Math.floor(cacheTtl)}`;
    this.tagsBody = this.isGet && options.etag === "body" && status !== 204;
    this.writeTimeout = options.writeTimeout;
    this.toJson = createResponseWriter(method, http);
    this.toHttpBody = createHttpBodyReader(method, http);
  }

  /** Whether an `accept` header has something to choose from. */
  get isNegotiable(): boolean {
    return this.status !== 204 && this.toHttpBody === undefined;
  }

  /**
   * `format` undefined: JSON. `varies`: `accept` was asked.
   */
  write(
    request: HttpRequest,
    { response, version }: CallResult,
    correlationId: string,
    format: AnswerFormat | undefined,
    varies: boolean,
  ): HttpResponse {
    const headers: Record<string, string> = {};
    const body = this.writeBody(response, format, headers);
    headers["x-correlation-id"] = correlationId;
    if (this.cacheControl !== undefined) headers["cache-control"] = this.cacheControl;
    if (this.kept) headers["vary"] = this.isNegotiable ? `accept, ${ofCaller}` : ofCaller;
    else if (varies) headers["vary"] = "accept";
    if (version !== undefined) headers["etag"] = toVersionTag(version);
    else if (this.tagsBody && body !== undefined) headers["etag"] = toBodyTag(body);
    if (this.isGet && this.isKnown(request, headers["etag"])) {
      delete headers["content-type"];
      return { status: 304, headers };
    }
    return { status: this.status, headers, body, writeTimeout: this.writeTimeout };
  }

  private isKnown(request: HttpRequest, etag: string | undefined): boolean {
    const known = etag === undefined ? undefined : request.header("if-none-match");
    return etag !== undefined && known !== undefined && isKnown(known, etag);
  }

  private writeBody(
    response: unknown,
    format: AnswerFormat | undefined,
    headers: Record<string, string>,
  ): string | Uint8Array | undefined {
    if (this.status === 204) return undefined;
    if (this.toHttpBody === undefined) {
      headers["content-type"] = format === undefined ? json : format.contentType;
      return format === undefined ? this.toJson(response) : format.write(response);
    }
    const { contentType, data } = this.toHttpBody(response);
    headers["content-type"] = contentType;
    // Bytes of whoever brought them: no browser is to take them for something else.
    headers["x-content-type-options"] = "nosniff";
    return data;
  }
}
