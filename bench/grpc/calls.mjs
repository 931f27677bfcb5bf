import { echo, large, small, toJson } from "../harness/echo.mjs";
import { toRequest } from "../harness/load.mjs";
import * as pb from "../potter/dist/echo-messages.mjs";
import { toFrame } from "./frames.mjs";

const headers = {
  ":method": "POST",
  "content-type": "application/grpc+proto",
  te: "trailers",
  "user-agent": "potter-bench",
};

const encode = (schema, message) => pb.toBinary(schema, pb.create(schema, message));
const request = (message) => toFrame(encode(pb.EchoRequestSchema, message));
const response = (message) => toFrame(encode(pb.EchoResponseSchema, echo(message)));
const several = (one, times) => Array.from({ length: times }, () => one);

/** A call of gRPC: its path and frames, and all bytes of the expected answer. */
const grpcCalls = {
  unary: () => ({ method: "Echo", frames: [request(small)], answers: [response(small)] }),
  "unary-4k": () => ({ method: "Echo", frames: [request(large)], answers: [response(large)] }),
  "server-stream": (times) => ({
    method: "Repeat",
    frames: [toFrame(encode(pb.RepeatRequestSchema, { item: small, times }))],
    answers: several(response(small), times),
  }),
  "client-stream": (times) => ({
    method: "Collect",
    frames: several(request(small), times),
    answers: [toFrame(encode(pb.CollectResponseSchema, { last: echo(small), count: times }))],
  }),
  bidi: (times) => ({
    method: "Chat",
    frames: several(request(small), times),
    answers: several(response(small), times),
    waits: true,
  }),
};

/** What `loadCalls` sends. */
export function createGrpcCall({ key, messages }) {
  const { method, frames, answers, waits = false } = grpcCalls[key](messages);
  return {
    headers: { ...headers, ":path": `/bench.echo.v1.EchoService/${method}` },
    frames,
    expected: Buffer.concat(answers),
    waits,
  };
}

/** What `load` sends: the whole answer is known, but servers may space JSON as they like. */
export function createConnectRequest({ key }) {
  const isJson = key === "connect-json";
  return toRequest({
    method: "POST",
    path: "/bench.echo.v1.EchoService/Echo",
    headers: { "content-type": isJson ? "application/json" : "application/proto", "connect-protocol-version": "1" },
    body: isJson ? JSON.stringify(toJson(small)) : encode(pb.EchoRequestSchema, small),
    bodyStart: isJson
      ? `{"id":"${small.id}"`
      : Buffer.from(encode(pb.EchoResponseSchema, echo(small))).toString("latin1"),
  });
}
