import { createServer } from "node:http2";
import { echo } from "../../../harness/echo.mjs";
import { listen } from "../../../harness/listen.mjs";
import * as pb from "../../../potter/dist/echo-messages.mjs";
import { FrameReader, toFrame } from "../../frames.mjs";

export const name = "node:http2 streams, hand-written gRPC (floor)";

const head = { ":status": 200, "content-type": "application/grpc+proto" };
const withTrailers = { waitForTrailers: true };
const ok = { "grpc-status": "0" };
const path = (name) => `/bench.echo.v1.EchoService/${name}`;

/** What gRPC requires of a server that knows no compression, no deadline and no metadata. */
export function start() {
  const methods = new Map([
    [path("Echo"), unary],
    [path("Repeat"), repeat],
    [path("Collect"), collect],
    [path("Chat"), chat],
  ]);
  const server = createServer();
  server.on("stream", (stream, headers) => {
    const method = methods.get(headers[":path"]);
    if (method === undefined) return refuse(stream, 12, "no such method");
    if (!headers["content-type"]?.startsWith("application/grpc"))
      return stream.respond({ ":status": 415 }, { endStream: true });
    stream.on("error", () => {});
    method(stream);
  });
  return listen(server);
}

function unary(stream) {
  readOne(stream, (bytes) => {
    const frame = toFrame(encode(pb.EchoResponseSchema, echo(pb.fromBinary(pb.EchoRequestSchema, bytes))));
    respond(stream);
    stream.end(frame);
  });
}

function repeat(stream) {
  readOne(stream, (bytes) => {
    const { item, times } = pb.fromBinary(pb.RepeatRequestSchema, bytes);
    respond(stream);
    let sent = 0;
    const send = () => {
      while (sent < times) {
        sent++;
        if (!stream.write(toFrame(encode(pb.EchoResponseSchema, echo(item))))) return stream.once("drain", send);
      }
      stream.end();
    };
    send();
  });
}

function collect(stream) {
  let last;
  let count = 0;
  const take = (bytes) => {
    last = pb.fromBinary(pb.EchoRequestSchema, bytes);
    count++;
  };
  readAll(stream, take, () => {
    respond(stream);
    stream.end(toFrame(encode(pb.CollectResponseSchema, { last: echo(last), count })));
  });
}

function chat(stream) {
  respond(stream);
  const answer = (bytes) =>
    stream.write(toFrame(encode(pb.EchoResponseSchema, echo(pb.fromBinary(pb.EchoRequestSchema, bytes)))));
  readAll(stream, answer, () => stream.end());
}

function readOne(stream, onMessage) {
  let message;
  let count = 0;
  const take = (bytes) => {
    message = bytes;
    count++;
  };
  readAll(stream, take, () => (count === 1 ? onMessage(message) : refuse(stream, 12, "not one message")));
}

function readAll(stream, onMessage, onEnd) {
  const reader = new FrameReader();
  const orRefuse = (run) => {
    try {
      run();
    } catch (error) {
      stream.removeAllListeners("data").removeAllListeners("end");
      refuse(stream, 13, error.message);
    }
  };
  stream.on("data", (chunk) => orRefuse(() => reader.read(chunk, onMessage)));
  stream.on("end", () => (reader.isWhole ? orRefuse(onEnd) : refuse(stream, 13, "a message is cut off")));
}

function respond(stream) {
  stream.respond(head, withTrailers);
  stream.on("wantTrailers", sendOk);
}

function sendOk() {
  this.sendTrailers(ok);
}

function refuse(stream, status, message) {
  if (stream.headersSent) return stream.close();
  stream.respond({ ...head, "grpc-status": String(status), "grpc-message": message }, { endStream: true });
  stream.resume();
}

function encode(schema, message) {
  return pb.toBinary(schema, pb.create(schema, message));
}
