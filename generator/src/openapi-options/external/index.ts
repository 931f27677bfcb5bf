// Reads the options that gnostic and grpc-gateway define. Potter has no copy of their protos: each option is decoded by its
// definition in the request.
export { readGnosticField, readGnosticOperation, readGnosticSchema } from "./gnostic.js";
export { readGnosticDocument } from "./gnostic-document.js";
export { readGatewayField, readGatewayOperation, readGatewaySchema, readGatewayService } from "./grpc-gateway.js";
export { readGatewayDocument } from "./grpc-gateway-document.js";
