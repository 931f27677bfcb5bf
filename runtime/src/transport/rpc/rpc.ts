import type { CorsHeaders, Transport } from "../../http/index.js";
import { type RpcOptions, readRpcOptions } from "./options.js";
import { createRoutes } from "./routes.js";

const cors: CorsHeaders = {
  requests: [
    "connect-accept-encoding",
    "connect-content-encoding",
    "connect-protocol-version",
    "connect-timeout-ms",
    "grpc-accept-encoding",
    "grpc-encoding",
    "grpc-timeout",
    "x-grpc-web",
    "x-user-agent",
  ],
  responses: [
    "connect-content-encoding",
    "grpc-encoding",
    "grpc-message",
    "grpc-status",
    "grpc-status-details-bin",
    "last-event-id",
    "potter-status-details-bin",
  ],
};

/**
 * Serves all methods of the app over gRPC, gRPC-Web and Connect, at `/package.Service/Method`. Throws a PotterError with
 * `invalid_argument` for an invalid option.
 */
export function rpc(options: RpcOptions = {}): Transport {
  const settings = readRpcOptions(options);
  return { name: "rpc", first: true, cors, mount: (host) => createRoutes(host, settings) };
}
