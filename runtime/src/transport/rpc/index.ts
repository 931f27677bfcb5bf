// gRPC, gRPC-Web and Connect, from the methods as data. Split by protocol; what they share is in calls/, envelope/, compression/
// and status/. Knows no server and no store.
export type { CodingName } from "./compression/index.js";
export type { RpcCompressionOptions, RpcOptions, RpcProtocol } from "./options.js";
export { rpc } from "./rpc.js";
