import { readSocketOptions, type SocketOptions, type SocketSettings } from "../../../http/index.js";

/** Options of GraphQL over WebSockets. Limits apply to each connection; durations are milliseconds. */
export interface WebSocketOptions extends SocketOptions {
  /** How long a client may take to send `connection_init`, and then the `caller` to identify it. Default: 10 s. */
  readonly initTimeout?: number;
  /** Maximum number of running operations, including subscriptions. Default: 100. */
  readonly operations?: number;
  /** Maximum size of a message from a client. Default: `limits.maxBodySize`, 1 MiB. */
  readonly maxMessageSize?: number;
}

/** The options with defaults applied. */
export interface WebSocketSettings extends SocketSettings {
  readonly initTimeout: number;
  readonly operations: number;
  readonly maxMessageSize: number | undefined;
}

/** Applies the defaults. Throws `invalid_argument` for an invalid option. */
export function readWebSocketOptions(given: WebSocketOptions = {}): WebSocketSettings {
  const { initTimeout = 10_000, operations = 100, maxMessageSize } = given;
  const own = { durations: { initTimeout }, counts: { operations, maxMessageSize } };
  return { ...readSocketOptions(given, "webSocket.", own), initTimeout, operations, maxMessageSize };
}
