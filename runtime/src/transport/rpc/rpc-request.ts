import type { AnyMethod } from "../../cqrs/index.js";
import type { HttpRequest } from "../../http/index.js";

// REST serves a method without google.api.http by POST to the path that gRPC and Connect use. Each gets its own requests there.

/** Whether REST serves a method at the path of gRPC too. */
export function sharesRpcPath({ service, name, http }: AnyMethod): boolean {
  return http.some(({ method, path }) => method === "POST" && path === `/${service}/${name}`);
}

/** Whether a request to such a path is one of gRPC, gRPC-Web or Connect: all but a POST with content types of REST. */
export function isRpcRequest(request: Pick<HttpRequest, "method" | "header">): boolean {
  if (request.method !== "POST") return true;
  // Both accept JSON: clients of Connect say that they are.
  if (request.header("connect-protocol-version") !== undefined) return true;
  return /^application\/(?:grpc|connect\+|proto\b)/i.test(request.header("content-type") ?? "");
}
