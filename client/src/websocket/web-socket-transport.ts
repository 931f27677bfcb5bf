import { PotterClientError } from "../errors/index.js";
import type { Transport } from "../transport/index.js";
import { tokenOf } from "./metadata.js";
import type { SocketConstructor } from "./socket.js";
import { SocketConnection } from "./socket-connection.js";

/** The options of the WebSocket transport. Durations are milliseconds. */
export interface WebSocketTransportOptions {
  /** The endpoint: `wss://shop.example.com/ws`. */
  readonly url: string;
  /** Creates the sockets. Default: `WebSocket` of the platform; Node 20 has none: `import { WebSocket } from "ws"`. */
  readonly webSocket?: SocketConstructor;
  /** What the `caller` of the service receives in addition to the token, such as `{ tenant }`. Default: nothing. */
  readonly params?: Readonly<Record<string, unknown>>;
  /** How many items of each stream the server may send ahead of the application. Default: 64. */
  readonly credit?: number;
  /** How long a server may be silent while calls are running before it is asked, and again before it is given up. Default: 20 s. */
  readonly idleTimeout?: number;
  /** How long a connection may take to open. Default: 10 s. */
  readonly connectTimeout?: number;
}

/**
 * Calls services over one WebSocket by the subprotocol `potter.v1.json`: commands, queries, and streams in both directions. Connects
 * with the first call, and again with the next one after a connection has ended.
 */
export function webSocketTransport(options: WebSocketTransportOptions): Transport {
  const { credit = 64, idleTimeout = 20_000, connectTimeout = 10_000, params = {} } = options;
  const webSocket = options.webSocket ?? (globalThis as { WebSocket?: SocketConstructor }).WebSocket;
  if (webSocket === undefined) {
    const message = "this platform has no WebSocket: pass that of ws as the option webSocket";
    throw new PotterClientError("failed_precondition", message);
  }
  const settings = { url: options.url, webSocket, params, credit, idleTimeout, connectTimeout };
  const connections = new Set<SocketConnection>();
  let current: SocketConnection | undefined;

  const connect = (token: string | undefined): SocketConnection => {
    for (const one of connections) if (one.isClosed) connections.delete(one);
    const connection = new SocketConnection(settings, token);
    connections.add(connection);
    current = connection;
    return connection;
  };

  return {
    async send(call) {
      const token = tokenOf(call);
      if (current !== undefined && token === undefined && current.token !== undefined) {
        // Its other calls may go on as the user that has left.
        current.retire();
      }
      const connection = current === undefined || current.isRetired ? connect(token) : current;
      try {
        await connection.authenticate(token, call.token);
      } catch (error) {
        if (!(error instanceof PotterClientError) || error.code !== "permission_denied") throw error;
        // Another user needs a connection of its own.
        connection.retire();
        const other = connect(token);
        await other.authenticate(token, call.token);
        return other.call(call);
      }
      return connection.call(call);
    },
    close() {
      for (const connection of connections) connection.close();
      connections.clear();
      current = undefined;
    },
  };
}
