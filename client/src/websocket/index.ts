// All methods over one WebSocket: the subprotocol potter.v1.json.
export type { Socket, SocketConstructor } from "./socket.js";
export { type WebSocketTransportOptions, webSocketTransport } from "./web-socket-transport.js";
