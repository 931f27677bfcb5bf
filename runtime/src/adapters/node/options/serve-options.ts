import { type Logger, silentLogger } from "../../../cqrs/index.js";
import { checkNumber, durations, numbers } from "./check-number.js";
import { type Http2Options, type Http2Settings, readHttp2Options } from "./http2-options.js";
import { readTls, type TlsMaterial } from "./tls-options.js";
import type { WebSocketUpgrade } from "./web-socket-upgrade.js";

/** The options of `serve`. */
export interface ServeOptions {
  /** Default: 0, any free port. */
  readonly port?: number;
  /** Default: `127.0.0.1`; `0.0.0.0` or `::` for all networks. */
  readonly host?: string;
  /**
   * Serves HTTPS: certificate and key as `{ key, cert }`, and what else `node:tls` knows. Clients choose between HTTP/2 and HTTP/1.1
   * by ALPN. `renewTls` of the server replaces them while it runs. Default: clear text.
   */
  readonly tls?: TlsMaterial;
  /**
   * Serves HTTP/2 beside HTTP/1.1, on the same port. In clear text a client that knows it just begins (h2c with prior knowledge), as
   * gRPC clients do. `false`: HTTP/1.1 only. Default: `true`.
   */
  readonly http2?: boolean | Http2Options;
  /**
   * How long a client may take to send a request, in milliseconds; then it gets 408. A stream of messages may take any time.
   * Default: 30 s.
   */
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
  /** The largest headers of a request, in bytes; larger ones get 431, or are refused in HTTP/2. Default: 16 KiB. */
  readonly maxHeaderSize?: number;
  /** The number of open connections; further ones get 503, or are closed if the server has TLS. Default: 10,000. */
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
export type ServeSettings = Required<Omit<ServeOptions, "port" | "host" | "signals" | "webSockets" | "tls" | "http2">> &
  Pick<ServeOptions, "webSockets" | "tls"> & {
    /** Absent: HTTP/1.1 only. */
    readonly http2?: Http2Settings;
  };

/** Fills in defaults. Throws a PotterError for an invalid option. */
export function readServeOptions(given: ServeOptions): ServeSettings {
  const { requestTimeout = 30_000, keepAliveTimeout = 5_000, writeTimeout = 60_000 } = given;
  const { stopTimeout = 10_000, drainTimeout = 500, http2 = true } = given;
  const { bufferSize = 64 * 1024, maxUnsentSize = 256 * 1024 * 1024, maxConnections = 10_000 } = given;
  const { maxHeaderSize = 16 * 1024 } = given;
  const { maxRequestsPerConnection = Number.POSITIVE_INFINITY, maxStreams = Number.POSITIVE_INFINITY } = given;
  for (const [name, value] of Object.entries({ requestTimeout, keepAliveTimeout, writeTimeout, stopTimeout })) {
    checkNumber(name, value, 1, 2 ** 31 - 1, durations);
  }
  checkNumber("port", given.port ?? 0, 0, 65_535, "a port, from 0, which is any free one, to 65535");
  checkNumber("drainTimeout", drainTimeout, 0, 2 ** 31 - 1, "milliseconds, a whole number from 0");
  checkNumber("maxHeaderSize", maxHeaderSize, 1024, 2 ** 31 - 1, "a number of bytes from 1024");
  const limits = { bufferSize, maxUnsentSize, maxConnections, maxRequestsPerConnection, maxStreams };
  for (const [name, value] of Object.entries(limits)) {
    if (value !== Number.POSITIVE_INFINITY) checkNumber(name, value, 1, Number.MAX_SAFE_INTEGER, numbers);
  }
  return {
    requestTimeout,
    keepAliveTimeout,
    writeTimeout,
    stopTimeout,
    drainTimeout,
    maxHeaderSize,
    ...limits,
    logger: given.logger ?? silentLogger,
    ...(given.webSockets && { webSockets: given.webSockets }),
    ...(given.tls && { tls: readTls(given.tls) }),
    ...(http2 !== false && { http2: readHttp2Options(http2 === true ? {} : http2) }),
  };
}
