// Serves the methods of an app over WebSockets by the subprotocol potter.v1.json, which docs/guides/websocket.md specifies. Knows no
// socket library and no server.
export type { SocketOptions } from "../../http/index.js";
export type { WebSocketTransportOptions } from "./options.js";
export { webSocket } from "./web-socket.js";
