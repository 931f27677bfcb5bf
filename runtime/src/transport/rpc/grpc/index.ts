// gRPC and gRPC-Web: messages in envelopes, and the outcome in trailers, or in a last envelope.
export { findGrpcType, type GrpcType } from "./content-type.js";
export { Grpc, type GrpcOptions, refuseMethod } from "./grpc.js";
