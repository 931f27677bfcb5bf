// gRPC over HTTP/2, for Node.
export { type GrpcTransportOptions, grpcTransport } from "./grpc-transport.js";
