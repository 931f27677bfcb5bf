import { type Logger, silentLogger } from "../../cqrs/index.js";
import { PotterError } from "../../errors/index.js";
import type { WebSocketUpgrade } from "./upgrade.js";

/** The options of `serve`. */
export interface ServeOptions {
  /** Default: 0, any free port. */
  readonly port?: number;
  /** Default: `127.0.0.1`; `0.0.0.0` or `::` for all networks. */
  readonly host?: string;
  /** How long a client may take to send a request, in milliseconds; then it gets 408. Default: 30 s. */
  readonly requestTimeout?: number;
  /** How long a connection may be idle between requests, in milliseconds. Default: 5 s. */
  readonly keepAliveTimeout?: number;
  /**
   * How long a client may take to read the next `bufferSize` of a response, in milliseconds, before it is disconnected. Transports
   * may set another time for streams. Default: 60 s.
   */
  readonly writeTimeout?: number;
  /** The size of the send buffer of a connection, in bytes. Default: 64 KiB. */
  readonly bufferSize?: number;
  /**
   * The total size of responses that clients have not read, over all connections, in bytes. Above it, the clients that have read
   * nothing for longest are disconnected. Default: 256 MiB.
   */
  readonly maxUnsentSize?: number;
  /** The number of open connections; further ones get 503. Default: 10,000. */
  readonly maxConnections?: number;
  /** The number of requests after which a connection is closed, so that clients are balanced over servers again. Default: no limit. */
  readonly maxRequestsPerConnection?: number;
  /** The number of concurrent streams and WebSockets; further ones get 503. Default: no limit. */
  readonly maxStreams?: number;
  /** How long `stop()` waits for running requests, in milliseconds. Default: 10 s. */
  readonly stopTimeout?: number;
  /** How long a connection may be idle before `stop()` closes it, in milliseconds. Requests on it are still answered. Default: 500 ms. */
  readonly drainTimeout?: number;
  /** Process signals that stop the server, such as `["SIGINT", "SIGTERM"]`. Default: none. */
  readonly signals?: readonly NodeJS.Signals[];
  /** Accepts WebSockets: `ws()` of `@potter/runtime/ws`. Default: WebSockets are refused. */
  readonly webSockets?: WebSocketUpgrade;
  /** Receives what goes wrong with connections. Default: nothing is logged. */
  readonly logger?: Logger;
}

/** The options with their defaults. */
export type ServeSettings = Required<Omit<ServeOptions, "port" | "host" | "signals" | "webSockets">> &
  Pick<ServeOptions, "webSockets">;

/** Fills in defaults. Throws a PotterError for an invalid option. */
export function readServeOptions(given: ServeOptions): ServeSettings {
  const { requestTimeout = 30_000, keepAliveTimeout = 5_000, writeTimeout = 60_000 } = given;
  const { stopTimeout = 10_000, drainTimeout = 500 } = given;
  const { bufferSize = 64 * 1024, maxUnsentSize = 256 * 1024 * 1024, maxConnections = 10_000 } = given;
  const { maxRequestsPerConnection = Number.POSITIVE_INFINITY, maxStreams = Number.POSITIVE_INFINITY } = given;
  for (const [name, value] of Object.entries({ requestTimeout, keepAliveTimeout, writeTimeout, stopTimeout })) {
    check(name, value, 1, 2 ** 31 - 1, "milliseconds, a whole number above 0");
  }
  check("port", given.port ?? 0, 0, 65_535, "a port, from 0, which is any free one, to 65535");
  check("drainTimeout", drainTimeout, 0, 2 ** 31 - 1, "milliseconds, a whole number from 0");
  const limits = { bufferSize, maxUnsentSize, maxConnections, maxRequestsPerConnection, maxStreams };
  for (const [name, value] of Object.entries(limits)) {
    if (value !== Number.POSITIVE_INFINITY) check(name, value, 1, Number.MAX_SAFE_INTEGER, "a whole number above 0");
  }
  return {
    requestTimeout,
    keepAliveTimeout,
    writeTimeout,
    stopTimeout,
    drainTimeout,
    ...limits,
    logger: given.logger ?? silentLogger,
    ...(given.webSockets && { webSockets: given.webSockets }),
  };
}

function check(name: string, value: number, min: number, max: number, expected: string): void {
  if (Number.isSafeInteger(value) && value >= min && value <= max) return;
  throw new PotterError("invalid_argument", `serve has ${name} ${value}: expected ${expected}`);
}
