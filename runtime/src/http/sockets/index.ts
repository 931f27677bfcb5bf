// What transports over WebSockets share: the handshake, options, pings, the queue of messages and the reasons to close. Knows no
// protocol and no socket library.
export { alreadyExists, type CloseReason, closeReasonOf, closeReasons, invalidMessage } from "./close-reasons.js";
export { createHandshake, type HandshakeOptions, isHandshake } from "./handshake.js";
export { LiveSocket, type LiveSocketOptions } from "./live-socket.js";
export { SendQueue } from "./send-queue.js";
export { readSocketOptions, type SocketOptions, type SocketSettings } from "./socket-options.js";
export { SocketRequest } from "./socket-request.js";
export { attachStandardSocket, type StandardWebSocket } from "./standard-socket.js";
