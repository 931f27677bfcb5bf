import type { HttpRequest, HttpResponse, HttpRoutes } from "../../http/index.js";

/** Which web pages of other origins may call, and what they may see (Fetch standard, 3.2). */
export interface CorsOptions {
  /** `*`: all; a list of origins such as `https://shop.example.com`; or whoever is asked about one. */
  readonly origins: "*" | readonly string[] | ((origin: string) => boolean);
  /** Whether browsers may send cookies and the like. Not with `*`. Default: `false`. */
  readonly credentials?: boolean;
  /** Seconds for which a browser may remember what it is allowed to. Default: the browser's own, mostly 5. */
  readonly maxAge?: number;
  /** Headers of answers that pages may read, besides those that REST sends itself. */
  readonly exposeHeaders?: readonly string[];
  /** Headers of requests that pages may send, besides those that REST reads itself, such as `authorization`. */
  readonly allowHeaders?: readonly string[];
}

const readByRest = [
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
const sentByRest = ["etag", "x-correlation-id"];

/** Routes that pages of other origins may call. Without such options nothing of this is in the way of a request. */
export function withCors(routes: HttpRoutes, options: CorsOptions): HttpRoutes {
  const cors = new Cors(options);
  return (request) => {
    const answer = routes(request);
    if (answer === undefined) return undefined;
    return "then" in answer ? answer.then((settled) => cors.add(request, settled)) : cors.add(request, answer);
  };
}

class Cors {
  private readonly isAllowed: (origin: string) => boolean;
  /** Whether the answer is the same for all origins. */
  private readonly open: boolean;
  private readonly common: Readonly<Record<string, string>>;
  private readonly exposed: string;
  private readonly preflight: Readonly<Record<string, string>>;

  constructor({ origins, credentials = false, maxAge, exposeHeaders = [], allowHeaders = [] }: CorsOptions) {
    if (origins === "*" && credentials)
      throw new Error('cors has credentials with origins "*": expected a list of the origins that may act for a user');
    this.open = origins === "*";
    this.isAllowed = toPredicate(origins);
    this.common = { ...(credentials && { "access-control-allow-credentials": "true" }) };
    this.exposed = join(sentByRest, exposeHeaders);
    this.preflight = {
      "access-control-allow-headers": join(readByRest, allowHeaders),
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

function toPredicate(origins: CorsOptions["origins"]): (origin: string) => boolean {
  if (typeof origins === "function") return origins;
  if (origins === "*") return () => true;
  const known = new Set(origins.map(checkOrigin));
  return (origin) => known.has(origin);
}

function checkOrigin(origin: string): string {
  // A browser sends `null` for pages without an origin, which is whoever wants to be one.
  if (URL.canParse(origin) && new URL(origin).origin === origin) return origin;
  throw new Error(`cors has the origin ${JSON.stringify(origin)}: expected one such as "https://shop.example.com"`);
}
