import { type AppOptions, createApp, PotterError } from "@potter/runtime";
import { type RpcOptions, rpc } from "@potter/runtime/rpc";
import type { HttpApp } from "@potter/runtime/transport";
import { ConformanceService } from "../gen/connectrpc/conformance/v1/service_cqrs.js";
import { bidiStream, clientStream, serverStream, unary } from "./handlers.js";

const commands = ConformanceService.commands({
  unary,
  serverStream,
  clientStream,
  bidiStream,
  unimplemented: () => {
    throw new PotterError("unimplemented", "the suite demands that this method is not implemented");
  },
});

const queries = ConformanceService.queries({ idempotentUnary: unary });

/** The app under test, which compresses every message that the client lets it compress. */
export function createConformanceApp(
  options: RpcOptions = {},
  settings: Pick<AppOptions, "http" | "middleware"> = {},
): HttpApp {
  const transports = [rpc({ ...options, compression: { threshold: 0 } })];
  return createApp({ parts: [commands, queries], transports, ...settings });
}
