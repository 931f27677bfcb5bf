import { checkNumber, durations, numbers } from "./check-number.js";

/** The options of HTTP/2: `serve(app, { http2: { … } })`. */
export interface Http2Options {
  /** The number of requests that a client may have open on one connection; further ones are refused unexecuted. Default: 250. */
  readonly maxConcurrentStreams?: number;
  /**
   * How many bytes of one request body a client may send before they are read, at least 65,535. It is memory that each open request
   * may take. A larger one lets distant clients upload faster. Default: 65,535 (64 KiB − 1).
   */
  readonly streamWindowSize?: number;
  /** How many bytes of all request bodies a client may have on the way, at least 65,535. Default: 1 MiB. */
  readonly connectionWindowSize?: number;
  /**
   * How long a client may be silent before the server asks it for a sign of life (PING), in milliseconds. Nothing else finds clients
   * that are gone without a word. Default: 60 s.
   */
  readonly pingInterval?: number;
  /** How long a client may take to answer a PING, in milliseconds; then its connection is closed. Default: 20 s. */
  readonly pingTimeout?: number;
  /**
   * The shortest time between two PINGs of a client that gets no data meanwhile, in milliseconds. At the third that comes too early
   * its connection is closed with `too_many_pings`. 0: any number is allowed. Default: 5 s.
   */
  readonly minClientPingInterval?: number;
  /**
   * How long a connection without requests stays open, in milliseconds. It takes the place of `keepAliveTimeout`. `Infinity`: no
   * limit. Default: 5 min.
   */
  readonly idleTimeout?: number;
}

/** The options with their defaults. */
export type Http2Settings = Required<Http2Options>;

/** Fills in defaults. Throws a PotterError for an invalid option. */
export function readHttp2Options(given: Http2Options): Http2Settings {
  const settings = { ...defaults, ...given };
  const { maxConcurrentStreams, streamWindowSize, connectionWindowSize } = settings;
  checkNumber("http2.maxConcurrentStreams", maxConcurrentStreams, 1, 2 ** 31 - 1, numbers);
  const windows = "a number of bytes from 65535, which is what HTTP/2 begins with, to 2147483647";
  for (const [name, value] of Object.entries({ streamWindowSize, connectionWindowSize })) {
    checkNumber(`http2.${name}`, value, 65_535, 2 ** 31 - 1, windows);
  }
  const { pingInterval, pingTimeout, idleTimeout, minClientPingInterval } = settings;
  for (const [name, value] of Object.entries({ pingInterval, pingTimeout })) {
    checkNumber(`http2.${name}`, value, 1, 2 ** 31 - 1, durations);
  }
  if (idleTimeout !== Number.POSITIVE_INFINITY) {
    checkNumber("http2.idleTimeout", idleTimeout, 1, 2 ** 31 - 1, `${durations}, or Infinity`);
  }
  checkNumber(
    "http2.minClientPingInterval",
    minClientPingInterval,
    0,
    2 ** 31 - 1,
    "milliseconds, a whole number from 0",
  );
  return settings;
}

const defaults: Http2Settings = {
  maxConcurrentStreams: 250,
  streamWindowSize: 65_535,
  connectionWindowSize: 1024 * 1024,
  pingInterval: 60_000,
  pingTimeout: 20_000,
  minClientPingInterval: 5_000,
  idleTimeout: 300_000,
};
