import { PotterError } from "../../errors/index.js";
import {
  answerProblem,
  createReadiness,
  HttpError,
  type HttpRequest,
  type HttpResponse,
  type HttpRoutes,
  type Transport,
} from "../../http/index.js";

/** The paths of the probes. */
export interface HealthOptions {
  /** The path of the liveness probe: 200 while the app runs, whatever state its store is in. Default: `/healthz/live`. */
  readonly live?: string;
  /**
   * The path of the readiness probe: 200 if the store is reachable, accepts appends and has tables with which this release works;
   * otherwise 503, and the log says why. Anybody may request it, so the store is asked at most once per second.
   * Default: `/healthz/ready`.
   */
  readonly ready?: string;
}

const headers = { "content-type": "text/plain; charset=utf-8", "cache-control": "no-store" };
const allow = "GET, HEAD, OPTIONS";

/**
 * Answers the probes of an orchestrator on the port of the app, without authentication: 200 or 503, without details. List it before
 * other transports. Throws a PotterError with `invalid_argument` for an invalid path.
 */
export function health(options: HealthOptions = {}): Transport {
  const { live = "/healthz/live", ready = "/healthz/ready" } = options;
  for (const [name, path] of Object.entries({ live, ready })) checkPath(name, path);
  if (live === ready) throw new PotterError("invalid_argument", `health: live and ready have the same path ${live}`);
  return {
    name: "health",
    mount: (host): HttpRoutes => {
      const isReady = createReadiness(() => host.checkReady?.(), host.logger);
      return (request) => {
        if (request.path === live) return refuseMethod(request) ?? answer(request);
        if (request.path === ready) return refuseMethod(request) ?? answerReady(request, isReady);
        return undefined;
      };
    },
  };
}

async function answerReady(request: HttpRequest, isReady: () => Promise<boolean>): Promise<HttpResponse> {
  if (await isReady()) return answer(request);
  const error = new PotterError("unavailable", "the service is not ready: try again later", { retryAfter: 1_000 });
  return answerProblem(request, error);
}

function answer({ method }: HttpRequest): HttpResponse {
  return method === "HEAD" ? { status: 200, headers } : { status: 200, headers, body: "ok\n" };
}

function refuseMethod(request: HttpRequest): HttpResponse | undefined {
  if (request.method === "GET" || request.method === "HEAD") return undefined;
  if (request.method === "OPTIONS") return { status: 204, headers: { allow } };
  const error = new HttpError(405, "unimplemented", `this path accepts ${allow}`, { headers: { allow } });
  return answerProblem(request, error);
}

function checkPath(name: string, path: string): void {
  // As clients send it: a path with other characters would never match.
  if (/^(\/[\w.~!$&'()*+,;=:@-]+)+$/.test(path)) return;
  const expected = 'expected a path such as "/healthz", without characters that are percent-encoded';
  throw new PotterError("invalid_argument", `health.${name} is ${JSON.stringify(path)}: ${expected}`);
}
