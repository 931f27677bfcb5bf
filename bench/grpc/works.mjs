const grpcFloor = "node:http2 streams, hand-written gRPC (floor)";
const connectFloor = "node:http + protobuf-es, hand-written (floor)";

/** `protocol`: whose servers are measured. `messages`: how many each call has, in its longer direction. */
export const works = [
  { key: "unary", title: "gRPC, unary, 100 bytes", protocol: "grpc", floor: grpcFloor, messages: 1 },
  { key: "unary-4k", title: "gRPC, unary, 4 KB", protocol: "grpc", floor: grpcFloor, messages: 1 },
  { key: "server-stream", title: "gRPC, 100 items to the client", protocol: "grpc", floor: grpcFloor, messages: 100 },
  { key: "client-stream", title: "gRPC, 100 items to the server", protocol: "grpc", floor: grpcFloor, messages: 100 },
  { key: "bidi", title: "gRPC, 100 items, each answered", protocol: "grpc", floor: grpcFloor, messages: 100 },
  { key: "connect-json", title: "Connect, unary, JSON", protocol: "connect", floor: connectFloor, messages: 1 },
  { key: "connect-proto", title: "Connect, unary, protobuf", protocol: "connect", floor: connectFloor, messages: 1 },
];
