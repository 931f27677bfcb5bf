// The methods of a contract over WebSockets: the channel of potter.v1.json, its messages, and an operation for each method.
export { buildSocket, type SocketMessage, type SocketParts } from "./socket.js";
