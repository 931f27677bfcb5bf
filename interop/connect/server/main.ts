// The server that the conformance suite of Connect tests: one process for each configuration, which it receives on standard
// input. It serves until it is terminated.
import { create } from "@bufbuild/protobuf";
import { serve } from "@potter/runtime/node";
import {
  type ServerCompatRequest,
  ServerCompatRequestSchema,
  ServerCompatResponseSchema,
} from "../gen/connectrpc/conformance/v1/server_compat_pb.js";
import { readMessages, withSize } from "../messages.js";
import { createConformanceApp } from "./app.js";

async function readConfiguration(): Promise<ServerCompatRequest> {
  for await (const request of readMessages(ServerCompatRequestSchema, process.stdin)) return request;
  throw new Error("standard input ended before the configuration of the server");
}

const { useTls, serverCreds, clientTlsCert, messageReceiveLimit } = await readConfiguration();
const tls = useTls
  ? {
      cert: Buffer.from(serverCreds?.cert ?? []),
      key: Buffer.from(serverCreds?.key ?? []),
      ...(clientTlsCert.length > 0 && { ca: Buffer.from(clientTlsCert), requestCert: true, rejectUnauthorized: true }),
    }
  : undefined;
const server = await serve(
  createConformanceApp(messageReceiveLimit > 0 ? { maxMessageSize: messageReceiveLimit } : {}),
  {
    ...(tls && { tls }),
    signals: ["SIGTERM", "SIGINT"],
    stopTimeout: 100,
    drainTimeout: 0,
  },
);
const port = Number(new URL(server.url).port);
const response = create(ServerCompatResponseSchema, {
  host: "127.0.0.1",
  port,
  ...(useTls && { pemCert: serverCreds?.cert ?? new Uint8Array() }),
});
process.stdout.write(withSize(ServerCompatResponseSchema, response));
