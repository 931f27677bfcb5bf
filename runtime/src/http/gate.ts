import { answerProblem } from "./answer-problem.js";
import { Cors, type CorsOptions } from "./cors.js";
import { createHostCheck } from "./host-check.js";
import type { HttpHandler, HttpRequest, HttpResponse } from "./http.js";
import { SiteCheck } from "./site-check.js";

/** What holds for all that an app serves over HTTP, whatever the transport. */
export interface HttpOptions {
  /** Which web pages of other origins may call, and may change something. Default: none. */
  readonly cors?: CorsOptions;
  /**
   * The hosts that requests may name, such as `shop.example.com`, with any port, or `localhost:8080`; others are answered with 421. Protects
   * servers on a machine or a network of trust from pages whose name leads there (DNS rebinding). Default: any.
   */
  readonly hosts?: readonly string[];
}

/** Methods that change nothing (RFC 9110, section 9.2.1). */
const safe = new Set(["GET", "HEAD", "OPTIONS", "TRACE"]);

/** What stands before all routes of an app. */
export interface Gate {
  /** Which web pages may act for whoever looks at them. */
  readonly sites: SiteCheck;
  /** Answers what may come in, and tells browsers who may see the answers. */
  around(handle: HttpHandler): HttpHandler;
}

/** Throws for options that are not right. */
export function createGate({ cors, hosts }: HttpOptions = {}): Gate {
  const sites = new SiteCheck(cors);
  const headers = cors && new Cors(cors);
  const checkHost = hosts && createHostCheck(hosts);

  const refuse = (request: HttpRequest): HttpResponse | undefined => {
    try {
      checkHost?.(request);
      if (!safe.has(request.method)) sites.check(request);
      return undefined;
    } catch (error) {
      return answerProblem(request, error);
    }
  };

  const around = (handle: HttpHandler): HttpHandler => {
    const answer: HttpHandler = (request) => refuse(request) ?? handle(request);
    if (headers === undefined) return answer;
    return (request) => {
      const response = answer(request);
      return "then" in response
        ? response.then((settled) => headers.add(request, settled))
        : headers.add(request, response);
    };
  };

  return { sites, around };
}
