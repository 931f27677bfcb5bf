import type { IncomingMessage } from "node:http";
import type { Duplex } from "node:stream";
import { type WebSocket, WebSocketServer } from "ws";
import type { WebSocketAcceptance } from "../../http/index.js";
import { WsSocket } from "./ws-socket.js";

/** The option `webSockets` of `serve`. */
export type Upgrade = (
  incoming: IncomingMessage,
  socket: Duplex,
  head: Buffer,
  acceptance: WebSocketAcceptance,
) => void;

/**
 * Accepts WebSockets on Node: `serve(app, { webSockets: ws() })`. Messages are not compressed, because compression costs memory for
 * each connection.
 */
export function ws(): Upgrade {
  /** By the largest message, which the package sets for all connections of a server. */
  const servers = new Map<number, WebSocketServer>();
  return (incoming, socket, head, { protocol, maxMessageSize, open }) => {
    let server = servers.get(maxMessageSize);
    if (server === undefined) {
      const maxParts = Math.max(1_024, Math.ceil(maxMessageSize / smallestPart));
      server = new WebSocketServer({
        noServer: true,
        clientTracking: false,
        perMessageDeflate: false,
        maxPayload: maxMessageSize,
        maxFragments: maxParts,
        maxBufferedChunks: maxParts,
      });
      servers.set(maxMessageSize, server);
    }
    // The package would choose a subprotocol, and the transport has chosen one.
    incoming.headers["sec-websocket-protocol"] = protocol;
    server.handleUpgrade(incoming, socket, head, (webSocket) => attach(webSocket, socket, open));
  };
}

/**
 * The size of the fragments and packets of a large message, on average, below which its connection is closed: the package keeps each of
 * them, which takes a multiple of the message if they are tiny.
 */
const smallestPart = 64;

function attach(webSocket: WebSocket, socket: Duplex, open: WebSocketAcceptance["open"]): void {
  const listener = open(new WsSocket(webSocket, socket));
  webSocket.on("message", (data: Buffer, isBinary: boolean) => listener.message(isBinary ? data : data.toString()));
  webSocket.on("pong", () => listener.pong());
  webSocket.on("close", () => listener.close());
  // Such as a message that is too large: the package closes the socket itself, and `close` follows.
  webSocket.on("error", () => {});
  socket.on("drain", () => listener.drain());
}
