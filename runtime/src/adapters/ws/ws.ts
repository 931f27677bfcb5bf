import type { IncomingMessage } from "node:http";
import type { Duplex } from "node:stream";
import { WebSocket, WebSocketServer } from "ws";
import type { WebSocketAcceptance, WebSocketPort } from "../../http/index.js";

/** What `serve` takes as `webSockets`. */
export type Upgrade = (
  incoming: IncomingMessage,
  socket: Duplex,
  head: Buffer,
  acceptance: WebSocketAcceptance,
) => void;

/**
 * Takes WebSockets on Node: `serve(app, { webSockets: ws() })`. Messages are not compressed, since that costs memory for each
 * connection.
 */
export function ws(): Upgrade {
  /** By what they allow, which the package settles for all connections of one. */
  const servers = new Map<number, WebSocketServer>();
  return (incoming, socket, head, { protocol, maxMessageSize, open }) => {
    let server = servers.get(maxMessageSize);
    if (server === undefined) {
      server = new WebSocketServer({
        noServer: true,
        clientTracking: false,
        perMessageDeflate: false,
        maxPayload: maxMessageSize,
      });
      servers.set(maxMessageSize, server);
    }
    // The package chooses among what the client offers, and that has been done.
    incoming.headers["sec-websocket-protocol"] = protocol;
    server.handleUpgrade(incoming, socket, head, (webSocket) => attach(webSocket, socket, open));
  };
}

/** How long a client may take to answer that its socket closes, in milliseconds. */
const closeGrace = 2_000;

function attach(webSocket: WebSocket, socket: Duplex, open: WebSocketAcceptance["open"]): void {
  const ifOpen = (act: () => void): void => {
    if (webSocket.readyState === WebSocket.OPEN) act();
  };
  const port: WebSocketPort = {
    send: (text) => ifOpen(() => webSocket.send(text)),
    get bufferedAmount() {
      return webSocket.bufferedAmount;
    },
    close: (code, reason) => {
      webSocket.close(code, reason);
      const timer = setTimeout(() => webSocket.terminate(), closeGrace).unref();
      webSocket.once("close", () => clearTimeout(timer));
    },
    terminate: () => webSocket.terminate(),
    ping: () => ifOpen(() => webSocket.ping()),
  };
  const listener = open(port);
  webSocket.on("message", (data: Buffer, isBinary: boolean) => listener.message(isBinary ? data : data.toString()));
  webSocket.on("pong", () => listener.pong());
  webSocket.on("close", () => listener.close());
  // Such as a message that is too long: the package closes the socket by itself, and tells of that next.
  webSocket.on("error", () => {});
  socket.on("drain", () => listener.drain());
}
