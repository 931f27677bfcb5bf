import { createServer } from "node:http";
import { echo } from "../../../harness/echo.mjs";
import { listen } from "../../../harness/listen.mjs";
import * as pb from "../../../potter/dist/echo-messages.mjs";

export const name = "node:http + protobuf-es, hand-written (floor)";

/** Connect's unary calls as far as they are needed: a body in, a body out, in one of two encodings. */
export function start() {
  const codecs = {
    "application/json": {
      decode: (body) => pb.fromJson(pb.EchoRequestSchema, JSON.parse(body.toString())),
      encode: (message) => Buffer.from(JSON.stringify(pb.toJson(pb.EchoResponseSchema, message))),
    },
    "application/proto": {
      decode: (body) => pb.fromBinary(pb.EchoRequestSchema, body),
      encode: (message) => pb.toBinary(pb.EchoResponseSchema, message),
    },
  };
  const server = createServer((request, response) => {
    if (request.url !== "/bench.echo.v1.EchoService/Echo") return refuse(response, 404, "unimplemented");
    const type = request.headers["content-type"];
    const codec = codecs[type];
    if (request.method !== "POST" || codec === undefined) return refuse(response, 415, "unknown");
    const chunks = [];
    request.on("data", (chunk) => chunks.push(chunk));
    request.on("end", () => {
      let message;
      try {
        message = codec.decode(chunks.length === 1 ? chunks[0] : Buffer.concat(chunks));
      } catch {
        return refuse(response, 400, "invalid_argument");
      }
      const body = codec.encode(pb.create(pb.EchoResponseSchema, echo(message)));
      response.writeHead(200, { "content-type": type, "content-length": body.length });
      response.end(body);
    });
  });
  return listen(server);
}

function refuse(response, status, code) {
  response.writeHead(status, { "content-type": "application/json" });
  response.end(JSON.stringify({ code }));
}
