import { PotterError } from "../../../errors/index.js";
import { createOriginPredicate, type Origins } from "../../../http/index.js";

/** Options of GraphQL over WebSockets. Limits apply to each connection; durations are milliseconds. */
export interface WebSocketOptions {
  /**
   * Web pages that may connect: `*` for all, a list of origins such as `https://shop.example.com`, or a predicate. Clients other
   * than web pages may always connect. Default: pages of the same origin, and origins that `http.cors` of the app allows.
   */
  readonly origins?: Origins;
  /** How long a client may take to send `connection_init`. Default: 10 s. */
  readonly initTimeout?: number;
  /** Interval between pings. A client that sends nothing until the next ping is disconnected. Default: 15 s. */
  readonly heartbeat?: number;
  /** How long a result may wait for the client before the server disconnects it. Default: 60 s. */
  readonly writeTimeout?: number;
  /** Maximum number of running operations, including subscriptions. Default: 100. */
  readonly operations?: number;
  /** Maximum size of a message from a client. Default: `limits.maxBodySize`, 1 MiB. */
  readonly maxMessageSize?: number;
  /** Number of unsent bytes above which subscriptions pull no further events. Default: 64 KiB. */
  readonly bufferSize?: number;
}

/** The options with defaults applied. */
export type WebSocketSettings = Required<Omit<WebSocketOptions, "origins" | "maxMessageSize">> & {
  readonly isAllowed: ((origin: string) => boolean) | undefined;
  readonly maxMessageSize: number | undefined;
};

/** Applies the defaults. Throws `invalid_argument` for an invalid option. */
export function readWebSocketOptions(given: WebSocketOptions = {}): WebSocketSettings {
  const { initTimeout = 10_000, heartbeat = 15_000, writeTimeout = 60_000 } = given;
  const { operations = 100, maxMessageSize, bufferSize = 64 * 1024, origins } = given;
  for (const [name, value] of Object.entries({ initTimeout, heartbeat, writeTimeout })) {
    if (Number.isSafeInteger(value) && value > 0 && value < 2 ** 31) continue;
    const expected = "expected milliseconds, a whole number above 0";
    throw new PotterError("invalid_argument", `webSocket.${name} is ${value}: ${expected}`);
  }
  for (const [name, value] of Object.entries({ operations, maxMessageSize, bufferSize })) {
    if (value === undefined || (Number.isSafeInteger(value) && value > 0)) continue;
    throw new PotterError("invalid_argument", `webSocket.${name} is ${value}: expected a whole number above 0`);
  }
  const isAllowed = origins === undefined ? undefined : createOriginPredicate("webSocket.origins", origins);
  return { initTimeout, heartbeat, writeTimeout, operations, maxMessageSize, bufferSize, isAllowed };
}
