import { type Logger, silentLogger } from "../../cqrs/index.js";
import type { WebSocketUpgrade } from "./upgrade.js";

/** How an app is served. */
export interface ServeOptions {
  /** Default: 0, any free port. */
  readonly port?: number;
  /** Default: `127.0.0.1`; `0.0.0.0` or `::` for all networks. */
  readonly host?: string;
  /** How long a client may take to send a request, in milliseconds; then 408. Default: 30 s. */
  readonly requestTimeout?: number;
  /** How long a connection may be idle between requests, in milliseconds. Default: 5 s. */
  readonly keepAliveTimeout?: number;
  /**
   * How long a client may take to read the next `bufferSize` of an answer, in milliseconds, before it is cut off. Transports may set
   * their own for streams. Default: 60 s.
   */
  readonly writeTimeout?: number;
  /** How much of an answer may wait in the send buffer of a connection, in bytes. Default: 64 KiB. */
  readonly bufferSize?: number;
  /**
   * How many bytes of answers may wait for clients that do not read, of all connections together. Beyond it, those that have taken
   * nothing for longest are cut off. Default: 256 MiB.
   */
  readonly maxUnsentSize?: number;
  /** How many connections may be open; further ones are answered with 503. Default: 10,000. */
  readonly maxConnections?: number;
  /** After how many requests a connection is closed, so that clients spread over servers anew. Default: never. */
  readonly maxRequestsPerConnection?: number;
  /** How many answers may be streams or WebSockets at a time; further ones are answered with 503. Default: no limit of its own. */
  readonly maxStreams?: number;
  /** How long `stop()` waits for running requests, in milliseconds. Default: 10 s. */
  readonly stopTimeout?: number;
  /** How long an open connection may be idle before `stop()` closes it, in milliseconds; requests on it are still answered. Default: 500 ms. */
  readonly drainTimeout?: number;
  /** Signals of the process that stop the server, such as `["SIGINT", "SIGTERM"]`. Default: none. */
  readonly signals?: readonly NodeJS.Signals[];
  /** Takes WebSockets: `ws()` of `@potter/runtime/ws`. Default: none are taken. */
  readonly webSockets?: WebSocketUpgrade;
  /** Receives what goes wrong with connections. Default: nothing is logged. */
  readonly logger?: Logger;
}

/** The options as they are in force. */
export type ServeSettings = Required<Omit<ServeOptions, "port" | "host" | "signals" | "webSockets">> &
  Pick<ServeOptions, "webSockets">;

/** Throws for an option that is not right. */
export function readServeOptions(given: ServeOptions): ServeSettings {
  const { requestTimeout = 30_000, keepAliveTimeout = 5_000, writeTimeout = 60_000 } = given;
  const { stopTimeout = 10_000, drainTimeout = 500 } = given;
  const { bufferSize = 64 * 1024, maxUnsentSize = 256 * 1024 * 1024, maxConnections = 10_000 } = given;
  const { maxRequestsPerConnection = Number.POSITIVE_INFINITY, maxStreams = Number.POSITIVE_INFINITY } = given;
  for (const [name, value] of Object.entries({ requestTimeout, keepAliveTimeout, writeTimeout, stopTimeout })) {
    check(name, value, 1, 2 ** 31 - 1, "milliseconds, a whole number above 0");
  }
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

function check(name: string, value: number, least: number, most: number, expected: string): void {
  if (Number.isSafeInteger(value) && value >= least && value <= most) return;
  throw new Error(`serve has ${name} ${value}: expected ${expected}`);
}
