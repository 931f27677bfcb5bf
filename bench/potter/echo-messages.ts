// The messages of the echo service, for servers and clients that are not Potter's.
export { create, fromBinary, fromJson, toBinary, toJson } from "@bufbuild/protobuf";
export {
  CollectResponseSchema,
  EchoRequestSchema,
  EchoResponseSchema,
  EchoService,
  RepeatRequestSchema,
} from "./gen/bench/echo/v1/echo_pb.js";
