// All methods over one WebSocket: the subprotocol potter.v1.json.

export type { WebSocketTransportOptions } from "./options.js";
export type { Socket, SocketConstructor } from "./socket.js";
export { webSocketTransport } from "./web-socket-transport.js";
