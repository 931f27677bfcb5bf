import { PotterError } from "../../errors/index.js";
import {
  answerProblem,
  CsrfCheck,
  HttpError,
  type HttpRequest,
  type HttpResponse,
  type HttpRoutes,
  type Transport,
  type TransportHost,
} from "../../http/index.js";
import type { RestOptions } from "./options.js";
import { Route } from "./route.js";
import { Router } from "./router.js";

/** Serves REST by the `google.api.http` bindings of the contract: ProtoJSON bodies, and server-sent events for streams. */
export function rest(options: RestOptions = {}): Transport {
  return { name: "rest", mount: (host) => createRoutes(createRouter(host, options)) };
}

function createRoutes(router: Router<Route>): HttpRoutes {
  return (request) => {
    const { method, path } = request;
    const match = router.find(method, path);
    if (match === undefined) return undefined;
    if (match.kind === "found") return match.target.serve(request, match.values);
    if (method === "HEAD") {
      const get = router.find("GET", path);
      if (get?.kind === "found") return get.target.serveHead(request, get.values);
    }
    return refuseMethod(request, match.allow);
  };
}

function createRouter(host: TransportHost, options: RestOptions): Router<Route> {
  const router = new Router<Route>();
  const routeOptions = {
    maxBodySize: options.maxBodySize ?? 1024 * 1024,
    maxJsonDepth: options.maxJsonDepth ?? 100,
    ignoreUnknownParameters: options.ignoreUnknownParameters ?? false,
    heartbeat: options.heartbeat ?? 15_000,
    retry: options.retry,
    writeTimeout: options.writeTimeout,
    formats: options.formats ?? [],
    etag: options.etag ?? "version",
    maxTimeout: options.maxTimeout,
    identify: host.identify,
    challenge: options.challenge,
    csrf: host.csrf ?? new CsrfCheck(),
    logger: host.logger,
  };
  for (const bound of host.methods) {
    const { method } = bound;
    // REST cannot send a stream of requests.
    if (method.stream === "client" || method.stream === "bidi") continue;
    for (const http of method.http) {
      const name = `${method.service}.${method.name} (${http.method} ${http.path})`;
      let target: Route;
      try {
        target = new Route(bound, http, routeOptions);
      } catch (cause) {
        throw new PotterError("invalid_argument", `${name}: ${(cause as Error).message}`, { cause });
      }
      const existing = router.add({ method: http.method, segments: http.segments, verb: http.verb, target });
      if (existing !== undefined) {
        const other = `${existing.method.service}.${existing.method.name} (${existing.http.method} ${existing.http.path})`;
        const message = `${name} and ${other} match the same requests: change the path of one`;
        throw new PotterError("invalid_argument", message);
      }
    }
  }
  return router;
}

function refuseMethod(request: HttpRequest, methods: readonly string[]): HttpResponse {
  const all = new Set([...methods, "OPTIONS"]);
  if (all.has("GET")) all.add("HEAD");
  const allow = [...all].sort().join(", ");
  if (request.method === "OPTIONS") return { status: 204, headers: { allow } };
  const error = new HttpError(405, "unimplemented", `this path accepts ${allow}`, { headers: { allow } });
  return answerProblem(request, error);
}
