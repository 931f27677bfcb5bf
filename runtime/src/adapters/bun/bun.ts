import {
  type HttpApp,
  upgradingFetchHandler,
  type WebSocketAcceptance,
  type WebSocketListener,
  type WebSocketPort,
} from "../../http/index.js";

/** The server that Bun passes to `fetch`, as far as it is used. */
export interface BunUpgrade {
  upgrade(request: Request, options: { readonly headers: Record<string, string>; readonly data: unknown }): boolean;
}

/** A socket of Bun, as far as it is used. `data` belongs to the adapter. */
export interface BunSocket {
  data: unknown;
  send(message: string | Uint8Array): number;
  close(code?: number, reason?: string): void;
  terminate(): void;
  ping(): number;
  getBufferedAmount(): number;
}

/** What Bun calls at the turns of a socket. */
export interface BunWebSockets {
  open(socket: BunSocket): void;
  message(socket: BunSocket, message: string | Uint8Array): void;
  pong(socket: BunSocket): void;
  drain(socket: BunSocket): void;
  close(socket: BunSocket): void;
  /** 0: transports send pings. */
  readonly idleTimeout: number;
  readonly perMessageDeflate: boolean;
}

/** What `Bun.serve` takes. */
export interface BunServer {
  /** Answers a request, and accepts WebSockets; then it resolves with undefined, as Bun expects. Never rejects. */
  fetch(request: Request, server: BunUpgrade): Promise<Response | undefined>;
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
  const fetch = upgradingFetchHandler(app.handle, upgrade);
  return { fetch: async (request, server) => toBun(await fetch(request, server)), websocket };
}

/** Bun has the response already. */
const upgraded = Symbol("upgraded");

function toBun(response: Response | typeof upgraded): Response | undefined {
  return response === upgraded ? undefined : response;
}

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
