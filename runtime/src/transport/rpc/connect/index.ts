// Connect: unary calls as plain HTTP, GET for queries, and streams in envelopes.
export { Connect } from "./connect.js";
export type { ConnectOptions } from "./connect-options.js";
export { type ConnectType, findConnectType, listConnectTypes } from "./content-type.js";
