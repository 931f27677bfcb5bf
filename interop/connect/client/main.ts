// The client that the conformance suite tests: makes the calls that it receives on standard input by the generated client, several
// at a time, and describes the outcomes on standard output.
import { create } from "@bufbuild/protobuf";
import {
  ClientCompatRequestSchema,
  ClientCompatResponseSchema,
} from "../gen/connectrpc/conformance/v1/client_compat_pb.js";
import { readMessages, withSize } from "../messages.js";
import { makeCall } from "./calls.js";
import { closeClients } from "./clients.js";

/** How many calls run at a time. */
const parallel = 8;

const running = new Set<Promise<void>>();
for await (const request of readMessages(ClientCompatRequestSchema, process.stdin)) {
  const { testName } = request;
  const done = makeCall(request)
    .then(
      (value) => ({ case: "response" as const, value }),
      (error: unknown) => ({ case: "error" as const, value: { message: String(error) } }),
    )
    .then((result) => {
      const response = create(ClientCompatResponseSchema, { testName, result });
      process.stdout.write(withSize(ClientCompatResponseSchema, response));
      running.delete(done);
    });
  running.add(done);
  if (running.size >= parallel) await Promise.race(running);
}
await Promise.all(running);
await closeClients();
