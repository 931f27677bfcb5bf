import type { Transport } from "../../http/index.js";
import { type RpcOptions, readRpcOptions } from "./options.js";
import { createRoutes } from "./routes.js";

/**
 * Serves all methods of the app over gRPC, gRPC-Web and Connect, at `/package.Service/Method`. Throws a PotterError with
 * `invalid_argument` for an invalid option.
 */
export function rpc(options: RpcOptions = {}): Transport {
  const settings = readRpcOptions(options);
  return { name: "rpc", mount: (host) => createRoutes(host, settings) };
}
