// GraphQL over WebSockets by graphql-transport-ws: what is said on a socket. Knows no socket library and no server.
export type { ConnectionSurroundings } from "./connection.js";
export { createHandshake, isHandshake } from "./handshake.js";
export { readWebSocketOptions, type WebSocketOptions, type WebSocketSettings } from "./options.js";
export type { GraphQLRequest } from "./request.js";
