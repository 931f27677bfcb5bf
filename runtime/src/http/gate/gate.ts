import { answerProblem } from "../answer-problem.js";
import { HttpError } from "../errors/index.js";
import type { HttpHandler, HttpRequest, HttpResponse, HttpRoutes } from "../http.js";
import { Cors, type CorsHeaders, type CorsOptions } from "./cors.js";
import { CsrfCheck } from "./csrf-check.js";
import { createHostCheck } from "./host-check.js";

/** The options of everything that an app serves over HTTP, whatever the transport. */
export interface HttpOptions {
  /** The web pages of other origins that may call the app and change data. Default: none. */
  readonly cors?: CorsOptions;
  /**
   * The hosts that requests may name, such as `shop.example.com`, with any port, or `localhost:8080`; other hosts get 421. Protects
   * servers on a developer's machine or an internal network from DNS rebinding. Default: any host.
   */
  readonly hosts?: readonly string[];
}

/** Methods that change nothing (RFC 9110, section 9.2.1). */
const safe = new Set(["GET", "HEAD", "OPTIONS", "TRACE"]);

/** The checks before all routes of an app. */
export interface Gate {
  /** Decides which web pages may act for their user. */
  readonly csrf: CsrfCheck;
  /** Returns the handler that checks a request and passes it to the first routes that answer it. */
  open(routes: readonly HttpRoutes[]): HttpHandler;
}

/** Returns the handler that passes a request to the first routes that answer it; 404 if none does. */
export function firstOf(routes: readonly HttpRoutes[]): HttpHandler {
  return (request) => {
    for (const route of routes) {
      const response = route(request);
      if (response !== undefined) return response;
    }
    return answerProblem(request, new HttpError(404, "not_found", "there is nothing at this path"));
  };
}

/** Creates the gate of an app whose transports have these headers. Throws a PotterError for an invalid option. */
export function createGate(
  { cors, hosts }: HttpOptions = {},
  protocols: readonly (CorsHeaders | undefined)[] = [],
): Gate {
  const csrf = new CsrfCheck(cors);
  const headers = cors && new Cors(cors, protocols);
  const checkHost = hosts && createHostCheck(hosts);

  const refuse = (request: HttpRequest): HttpResponse | undefined => {
    try {
      checkHost?.(request);
      if (!safe.has(request.method)) csrf.check(request);
      return undefined;
    } catch (error) {
      return answerProblem(request, error);
    }
  };

  const open = (routes: readonly HttpRoutes[]): HttpHandler => {
    const route = firstOf(routes);
    const handle: HttpHandler = (request) => refuse(request) ?? route(request);
    if (headers === undefined) return handle;
    return (request) => {
      const response = handle(request);
      return "then" in response
        ? response.then((settled) => headers.add(request, settled))
        : headers.add(request, response);
    };
  };

  return { csrf, open };
}
