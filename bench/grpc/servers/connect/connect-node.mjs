import { createServer } from "node:http";
import { connectNodeAdapter } from "@connectrpc/connect-node";
import { listen } from "../../../harness/listen.mjs";
import { routes } from "../../connect-routes.mjs";

export const name = "connect-node (Connect)";

export function start() {
  return listen(createServer(connectNodeAdapter({ routes })));
}
