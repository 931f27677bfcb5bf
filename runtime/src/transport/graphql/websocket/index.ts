// GraphQL over WebSockets: the protocol graphql-transport-ws, its connections and operations. Knows no socket library and no
// server.
export { Connection, type ConnectionDependencies } from "./connection.js";
export { readWebSocketOptions, type WebSocketOptions, type WebSocketSettings } from "./options.js";
export type { GraphQLRequest } from "./request.js";
