import type { MaybePromise } from "../../async/index.js";
import {
  answerProblem,
  type BoundMethod,
  HttpError,
  type HttpRequest,
  type HttpResponse,
  type HttpRoutes,
  type TransportHost,
} from "../../http/index.js";
import { Endpoint, type EndpointTraits } from "./calls/index.js";
import { Connect, findConnectType, listConnectTypes } from "./connect/index.js";
import { findGrpcType, Grpc, type GrpcType, refuseMethod } from "./grpc/index.js";
import { createHealthMethods } from "./health/index.js";
import type { RpcSettings } from "./options.js";
import { createReflectionMethods } from "./reflection/index.js";
import { isRpcRequest, sharesRpcPath } from "./rpc-request.js";

/** Creates the routes of an app: a path for each method, and the protocol by the content type. */
export function createRoutes(host: TransportHost, settings: RpcSettings): HttpRoutes {
  const endpoints = new Map<string, Endpoint>();
  const add = (methods: readonly BoundMethod[], traits?: EndpointTraits): void => {
    for (const bound of methods) {
      const endpoint = new Endpoint(bound, settings.maxJsonDepth, traits);
      if (!endpoints.has(endpoint.path)) endpoints.set(endpoint.path, endpoint);
    }
  };
  add(host.methods);
  const health = settings.health ? createHealthMethods(host) : [];
  add(health, { isPublic: true, reportsStop: true });
  if (settings.reflection) {
    add(createReflectionMethods([...host.methods, ...health].map(({ method }) => method)));
  }
  const options = { ...settings, identify: host.identify, logger: host.logger };
  const grpc = new Grpc(options);
  const connect = new Connect(options);
  const { protocols } = settings;
  const hasRest = host.transports?.includes("rest") === true;

  const findServed = (contentType: string): GrpcType | undefined => {
    const type = findGrpcType(contentType);
    return type !== undefined && protocols.has(type.framing === "grpc" ? "grpc" : "grpc-web") ? type : undefined;
  };

  const post = (endpoint: Endpoint, request: HttpRequest): MaybePromise<HttpResponse> | undefined => {
    const contentType = request.header("content-type") ?? "";
    if (hasRest && sharesRpcPath(endpoint.method) && !isRpcRequest(request)) return undefined;
    if (protocols.has("connect")) {
      const type = findConnectType(contentType);
      const response = type && connect.serve(endpoint, request, type);
      if (response !== undefined) return response;
    }
    const type = findServed(contentType);
    if (type !== undefined) {
      if (type.framing !== "grpc" || request.server.trailers) return grpc.serve(endpoint, request, type);
      return refuseType(
        request,
        endpoint,
        settings,
        "gRPC needs HTTP/2 with trailers, which this server does not have",
      );
    }
    return refuseType(request, endpoint, settings);
  };

  /** No other transport answers requests of gRPC. */
  const unknown = (request: HttpRequest): HttpResponse | undefined => {
    const type = findServed(request.header("content-type") ?? "");
    return type === undefined || request.method !== "POST" ? undefined : refuseMethod(type);
  };

  return (request) => {
    const endpoint = endpoints.get(request.path);
    if (endpoint === undefined) return unknown(request);
    const { method } = request;
    if (method === "POST") return post(endpoint, request);
    const canGet = protocols.has("connect") && isQuery(endpoint);
    if (method === "GET" && canGet) {
      return connect
        .serveGet(endpoint, request)
        .then((response) => response ?? refuseType(request, endpoint, settings));
    }
    const allow = canGet ? "GET, OPTIONS, POST" : "OPTIONS, POST";
    if (method === "OPTIONS") return { status: 204, headers: { allow } };
    return answerProblem(
      request,
      new HttpError(405, "unimplemented", `this path accepts ${allow}`, { headers: { allow } }),
    );
  };
}

/** Whether GET can call a method: an unary one that changes nothing. */
function isQuery({ method }: Endpoint): boolean {
  return method.kind === "query" && method.stream === "unary";
}

function refuseType(
  request: HttpRequest,
  endpoint: Endpoint,
  { protocols }: RpcSettings,
  reason?: string,
): HttpResponse {
  const types: string[] = [];
  if (protocols.has("connect")) types.push(...listConnectTypes(endpoint.readsStream || endpoint.writesStream));
  if (protocols.has("grpc") && request.server.trailers) types.push("application/grpc");
  if (protocols.has("grpc-web")) types.push("application/grpc-web", "application/grpc-web-text");
  const accepted = types.join(", ");
  const message = `${reason ?? "the content type is not supported"}: expected one of ${accepted}`;
  return answerProblem(
    request,
    new HttpError(415, "invalid_argument", message, { headers: { "accept-post": accepted } }),
  );
}
