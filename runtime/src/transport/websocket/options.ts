import { PotterError } from "../../errors/index.js";
import { readSocketOptions, type SocketOptions, type SocketSettings } from "../../http/index.js";

/** Options of `webSocket`. Limits apply to each connection; durations are milliseconds. */
export interface WebSocketTransportOptions extends SocketOptions {
  /** Path of the endpoint. Default: `/ws`. */
  readonly path?: string;
  /** How long a client may take to send its first frame, and then the `caller` to identify it, also by `$/auth`. Default: 10 s. */
  readonly openTimeout?: number;
  /** Maximum size of a frame from a client, in bytes. Default: 1 MiB. */
  readonly maxMessageSize?: number;
  /** Maximum depth of nesting in a frame from a client. Default: 100. */
  readonly maxJsonDepth?: number;
  /** Maximum number of running calls, streams included. Default: 100. */
  readonly calls?: number;
  /** Number of items that a client may send in a stream of requests ahead of the handler. Default: 16. */
  readonly credit?: number;
  /** Upper limit of the time in which a call must end, or a stream begin, whatever the client requests. Default: none. */
  readonly maxTimeout?: number;
}

/** The options with defaults applied. */
export interface WebSocketTransportSettings extends SocketSettings {
  readonly path: string;
  readonly openTimeout: number;
  readonly maxMessageSize: number;
  readonly maxJsonDepth: number;
  readonly calls: number;
  readonly credit: number;
  readonly maxTimeout: number | undefined;
}

/** Applies the defaults. Throws `invalid_argument` for an invalid option. */
export function readOptions(given: WebSocketTransportOptions): WebSocketTransportSettings {
  const { path = "/ws", openTimeout = 10_000, maxTimeout } = given;
  const { maxMessageSize = 1024 * 1024, maxJsonDepth = 100, calls = 100, credit = 16 } = given;
  if (!/^(\/[\w.~-]+)+$/.test(path))
    throw new PotterError("invalid_argument", `path is ${JSON.stringify(path)}: expected one such as "/ws"`);
  const counts = { maxMessageSize, maxJsonDepth, calls, credit };
  const common = readSocketOptions(given, "", { durations: { openTimeout, maxTimeout }, counts });
  return { ...common, ...counts, path, openTimeout, maxTimeout };
}
