// The server that the interoperability tests of gRPC call. Prints its port, and serves until it is terminated.
//
//   node main.js [certificate file, key file]
import { readFileSync } from "node:fs";
import { serve } from "@potter/runtime/node";
import { createTestApp } from "./app.js";

const [certFile, keyFile] = process.argv.slice(2);
const tls = certFile && keyFile ? { cert: readFileSync(certFile), key: readFileSync(keyFile) } : undefined;
const server = await serve(createTestApp(), {
  ...(tls && { tls }),
  signals: ["SIGTERM", "SIGINT"],
  stopTimeout: 100,
  drainTimeout: 0,
});
process.stdout.write(`${new URL(server.url).port}\n`);
