// GraphQL over WebSockets: the protocol graphql-transport-ws, its connections and operations. Knows no socket library and no
// server.
export type { ConnectionDependencies } from "./connection.js";
export { createHandshake, isHandshake } from "./handshake.js";
export { readWebSocketOptions, type WebSocketOptions, type WebSocketSettings } from "./options.js";
export type { GraphQLRequest } from "./request.js";
