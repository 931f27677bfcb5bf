import type { HttpRequest, HttpResponse } from "./http.js";
import { createOriginPredicate, type Origins } from "./origins.js";

/** Which web pages of other origins may call, and what they may see (Fetch standard, 3.2). */
export interface CorsOptions {
  /** `*`: all; a list of origins such as `https://shop.example.com`; or whoever is asked about one. */
  readonly origins: Origins;
  /** Whether browsers may send cookies and the like. Not with `*`. Default: `false`. */
  readonly credentials?: boolean;
  /** Seconds for which a browser may remember what it is allowed to. Default: the browser's own, mostly 5. */
  readonly maxAge?: number;
  /** Headers of answers that pages may read, besides `etag` and `x-correlation-id`. */
  readonly exposeHeaders?: readonly string[];
  /** Headers of requests that pages may send, besides those that transports read, such as `authorization`. */
  readonly allowHeaders?: readonly string[];
}

const readByTransports = [
  "accept",
  "apollo-require-preflight",
  "content-encoding",
  "content-type",
  "graphql-require-preflight",
  "idempotency-key",
  "if-match",
  "if-none-match",
  "last-event-id",
  "request-timeout",
  "traceparent",
  "x-apollo-operation-name",
  "x-correlation-id",
];
const sentByTransports = ["etag", "x-correlation-id"];

/** Tells browsers which pages may see an answer, and what they may send. */
export class Cors {
  private readonly isAllowed: (origin: string) => boolean;
  /** Whether the answer is the same for all origins. */
  private readonly open: boolean;
  private readonly common: Readonly<Record<string, string>>;
  private readonly exposed: string;
  private readonly preflight: Readonly<Record<string, string>>;

  constructor({ origins, credentials = false, maxAge, exposeHeaders = [], allowHeaders = [] }: CorsOptions) {
    if (origins === "*" && credentials)
      throw new Error(
        'http.cors has credentials with origins "*": expected a list of the origins that may act for a user',
      );
    this.open = origins === "*";
    this.isAllowed = createOriginPredicate("http.cors.origins", origins);
    this.common = { ...(credentials && { "access-control-allow-credentials": "true" }) };
    this.exposed = join(sentByTransports, exposeHeaders);
    this.preflight = {
      "access-control-allow-headers": join(readByTransports, allowHeaders),
      ...(maxAge !== undefined && { "access-control-max-age": String(maxAge) }),
    };
  }

  add(request: HttpRequest, response: HttpResponse): HttpResponse {
    const origin = request.header("origin");
    const { vary } = response.headers as { readonly vary?: string };
    const headers: Record<string, string> = { ...response.headers };
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

function join(own: readonly string[], added: readonly string[]): string {
  return [...new Set([...own, ...added.map((name) => name.toLowerCase())])].join(", ");
}
