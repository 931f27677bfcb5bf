import { createApp, PotterError } from "@potter/runtime";
import { rpc } from "@potter/runtime/rpc";
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

/** The app under test. `maxMessageSize`: the size of the largest message that it accepts, in bytes. */
export function createConformanceApp(maxMessageSize: number | undefined): HttpApp {
  return createApp({
    parts: [commands, queries],
    transports: [rpc({ ...(maxMessageSize !== undefined && { maxMessageSize }) })],
  });
}
