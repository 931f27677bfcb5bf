import {
  type HttpApp,
  upgradingFetchHandler,
  type WebSocketAcceptance,
  type WebSocketListener,
  type WebSocketPort,
} from "../../http/index.js";

/** The server that Bun passes to `fetch`, as far as it is used. */
export interface BunUpgrade {
  /**
   * Turns the connection of a request into a socket, whose `data` is the given one; `headers` are those of the response with 101.
   * Returns false if the request asks for no upgrade.
   */
  upgrade(request: Request, options: { readonly headers: Record<string, string>; readonly data: unknown }): boolean;
  /** Sets the seconds without traffic after which the connection of a request is closed; 0: never. */
  timeout(request: Request, seconds: number): void;
}

/** A socket of Bun, as far as it is used. `data` belongs to the adapter. */
export interface BunSocket {
  /** What was passed to {@link BunUpgrade.upgrade}. */
  data: unknown;
  /** Sends a text or binary frame. Returns its size in bytes, -1 if it waits for the client, or 0 if it was dropped. */
  send(message: string | Uint8Array): number;
  /** Starts the closing handshake. Default: code 1000, no reason. */
  close(code?: number, reason?: string): void;
  /** Closes the connection without a handshake. */
  terminate(): void;
  /** Sends a ping. Returns as `send` does. */
  ping(): number;
  /** Number of bytes that wait for the client. */
  getBufferedAmount(): number;
}

/** What Bun calls at the turns of a socket. */
export interface BunWebSockets {
  /** The socket can send. */
  open(socket: BunSocket): void;
  /** A message has arrived: text as a string. One longer than the transport allows closes the socket with 1009. */
  message(socket: BunSocket, message: string | Uint8Array): void;
  /** The client has answered a ping. */
  pong(socket: BunSocket): void;
  /** The client has taken what waited for it: more can be sent. */
  drain(socket: BunSocket): void;
  /** The connection has ended, by whichever side. */
  close(socket: BunSocket): void;
  /** Seconds without traffic after which Bun closes a socket. 0, never: transports send pings. */
  readonly idleTimeout: number;
  /** Whether messages are compressed: false, since it costs memory for each connection. */
  readonly perMessageDeflate: boolean;
}

/** What `Bun.serve` takes. */
export interface BunServer {
  /** Answers a request, and accepts WebSockets; then it resolves with undefined, as Bun expects. Never rejects. */
  fetch(request: Request, server: BunUpgrade): Promise<Response | undefined>;
  /** Passes the events of sockets to the transports that accepted them. */
  readonly websocket: BunWebSockets;
}

/** One connection. */
interface Accepted {
  readonly open: WebSocketAcceptance["open"];
  readonly maxMessageSize: number;
  listener?: WebSocketListener;
}

/** Serves an app on Bun, with WebSockets: `Bun.serve({ port, ...bun(app) })`. */
export function bun(app: Pick<HttpApp, "handle">): BunServer {
  const answer = upgradingFetchHandler(app.handle, upgrade);
  const fetch: BunServer["fetch"] = async (request, server) => {
    // Bun closes a connection after ten silent seconds, and calls may wait for longer. A client that stops sending is still cut off.
    server.timeout(request, longestTimeout);
    const response = await answer(request, server);
    if (response === upgraded) return undefined;
    // Streams may be silent for any time.
    if (response.body !== null) server.timeout(request, 0);
    return response;
  };
  return { fetch, websocket };
}

/** The longest that Bun takes, in seconds. */
const longestTimeout = 255;

/** Bun has the response already. */
const upgraded = Symbol("upgraded");

function upgrade(
  { protocol, open, maxMessageSize }: WebSocketAcceptance,
  request: Request,
  server: BunUpgrade,
): typeof upgraded | undefined {
  const data: Accepted = { open, maxMessageSize };
  const isAccepted = server.upgrade(request, { headers: { "sec-websocket-protocol": protocol }, data });
  return isAccepted ? upgraded : undefined;
}

const websocket: BunWebSockets = {
  open(socket) {
    const port: WebSocketPort = {
      send: (message) => void socket.send(message),
      get bufferedAmount() {
        return socket.getBufferedAmount();
      },
      close: (code, reason) => socket.close(code, reason),
      terminate: () => socket.terminate(),
      ping: () => void socket.ping(),
    };
    const accepted = socket.data as Accepted;
    accepted.listener = accepted.open(port);
  },
  message(socket, message) {
    const { listener, maxMessageSize } = socket.data as Accepted;
    if (message.length > maxMessageSize) socket.close(1009, "Message too big");
    else listener?.message(message);
  },
  pong: ({ data }) => (data as Accepted).listener?.pong(),
  drain: ({ data }) => (data as Accepted).listener?.drain(),
  close: ({ data }) => (data as Accepted).listener?.close(),
  idleTimeout: 0,
  perMessageDeflate: false,
};
