import { createServer } from "node:http2";
import { connectNodeAdapter } from "@connectrpc/connect-node";
import { listen } from "../../../harness/listen.mjs";
import { routes } from "../../connect-routes.mjs";

export const name = "connect-node (gRPC)";

export function start() {
  return listen(createServer(connectNodeAdapter({ routes })));
}
