import { PotterError } from "../../errors/index.js";
import type { HttpRequest, HttpResponse } from "../http.js";
import { createOriginPredicate, type Origins } from "../origins.js";

/** Cross-origin resource sharing: the web pages of other origins that may call, and what they may read (Fetch standard, 3.2). */
export interface CorsOptions {
  /** `*` for all, a list of origins such as `https://shop.example.com`, or a predicate. */
  readonly origins: Origins;
  /** Whether browsers may send credentials such as cookies. Not with `*`. Default: `false`. */
  readonly credentials?: boolean;
  /** How long a browser may cache a preflight response, in milliseconds. Default: the browser's own, mostly 5 s. */
  readonly maxAge?: number;
  /** Response headers that pages may read, in addition to those that transports send, such as `etag` and `x-correlation-id`. */
  readonly exposeHeaders?: readonly string[];
  /** Request headers that pages may send, in addition to those that transports read, such as `authorization`. */
  readonly allowHeaders?: readonly string[];
}

/** The headers of a protocol that pages of other origins may use, in addition to those of every call. */
export interface CorsHeaders {
  /** Those of requests, which pages may send. */
  readonly requests: readonly string[];
  /** Those of responses, which pages may read. */
  readonly responses: readonly string[];
}

const ofAllRequests = [
  "accept",
  "content-encoding",
  "content-type",
  "idempotency-key",
  "if-match",
  "if-none-match",
  "last-event-id",
  "request-timeout",
  "traceparent",
  "x-correlation-id",
];
const ofAllResponses = ["etag", "retry-after", "www-authenticate", "x-correlation-id"];

/** Adds the headers that allow pages of other origins to send requests and to read responses. */
export class Cors {
  private readonly isAllowed: (origin: string) => boolean;
  /** Whether the headers are the same for all origins. */
  private readonly open: boolean;
  private readonly common: Readonly<Record<string, string>>;
  private readonly exposed: string;
  private readonly preflight: Readonly<Record<string, string>>;

  constructor(options: CorsOptions, protocols: readonly (CorsHeaders | undefined)[]) {
    const { origins, credentials = false, maxAge, exposeHeaders = [], allowHeaders = [] } = options;
    if (origins === "*" && credentials)
      throw new PotterError(
        "invalid_argument",
        'http.cors has credentials with origins "*": expected a list of the origins that may act for a user',
      );
    this.open = origins === "*";
    this.isAllowed = createOriginPredicate("http.cors.origins", origins);
    this.common = { ...(credentials && { "access-control-allow-credentials": "true" }) };
    this.exposed = join(ofAllResponses, ...protocols.map((one) => one?.responses ?? []), exposeHeaders);
    this.preflight = {
      "access-control-allow-headers": join(ofAllRequests, ...protocols.map((one) => one?.requests ?? []), allowHeaders),
      ...(maxAge !== undefined && { "access-control-max-age": String(Math.floor(maxAge / 1000)) }),
    };
  }

  add(request: HttpRequest, response: HttpResponse): HttpResponse {
    const origin = request.header("origin");
    const { vary } = response.headers as { readonly vary?: string };
    const headers: Record<string, string | readonly string[]> = { ...response.headers };
    if (!this.open) headers["vary"] = vary === undefined ? "origin" : `${vary}, origin`;
    if (origin === undefined || !this.isAllowed(origin)) return { ...response, headers };
    headers["access-control-allow-origin"] = this.open ? "*" : origin;
    Object.assign(headers, this.common);
    const { allow } = response.headers as { readonly allow?: string };
    if (request.method !== "OPTIONS" || allow === undefined || !isPreflight(request)) {
      headers["access-control-expose-headers"] = this.exposed;
    } else {
      headers["access-control-allow-methods"] = allow;
      Object.assign(headers, this.preflight);
    }
    return { ...response, headers };
  }
}

function isPreflight(request: HttpRequest): boolean {
  return request.header("access-control-request-method") !== undefined;
}

function join(...lists: readonly (readonly string[])[]): string {
  return [...new Set(lists.flat().map((name) => name.toLowerCase()))].join(", ");
}
