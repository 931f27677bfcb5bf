import * as pb from "../potter/dist/echo-messages.mjs";

const serialize = (schema) => (message) => {
  const bytes = pb.toBinary(schema, message);
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length);
};

const method = (name, request, response, requestStream, responseStream) => ({
  path: `/bench.echo.v1.EchoService/${name}`,
  requestStream,
  responseStream,
  requestSerialize: serialize(request),
  requestDeserialize: (bytes) => pb.fromBinary(request, bytes),
  responseSerialize: serialize(response),
  responseDeserialize: (bytes) => pb.fromBinary(response, bytes),
});

/** The service as @grpc/grpc-js describes it, with the messages that all contenders use. */
export const definition = {
  echo: method("Echo", pb.EchoRequestSchema, pb.EchoResponseSchema, false, false),
  repeat: method("Repeat", pb.RepeatRequestSchema, pb.EchoResponseSchema, false, true),
  collect: method("Collect", pb.EchoRequestSchema, pb.CollectResponseSchema, true, false),
  chat: method("Chat", pb.EchoRequestSchema, pb.EchoResponseSchema, true, true),
};

export const toEcho = (message) => pb.create(pb.EchoResponseSchema, message);
export const toCollected = (message) => pb.create(pb.CollectResponseSchema, message);
