import type { SocketConstructor } from "./socket.js";

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

/** The options with defaults applied. */
export type ConnectionSettings = Required<WebSocketTransportOptions>;
