import { createOriginPredicate, type Origins } from "../../../http/index.js";

/** How GraphQL is served over WebSockets. Limits are those of one connection. */
export interface WebSocketOptions {
  /**
   * Which web pages may connect: `*`: all; a list of origins such as `https://shop.example.com`; or whoever is asked about one.
   * What is no web page always may. Default: pages of the same origin, and those that `http.cors` of the app lets in.
   */
  readonly origins?: Origins;
  /** How long a client may take to send `connection_init`, in milliseconds. Default: 10 s. */
  readonly initTimeout?: number;
  /** Milliseconds after which a client is pinged; one that is silent for as long again is cut off. Default: 15 s. */
  readonly heartbeat?: number;
  /** How long a client may let a result wait before it is cut off, in milliseconds. Default: 60 s. */
  readonly writeTimeout?: number;
  /** How many operations may be under way, subscriptions among them. Default: 100. */
  readonly operations?: number;
  /** Of a message of a client. Default: `limits.maxBodySize`, 1 MiB. */
  readonly maxMessageSize?: number;
  /** How much may wait to be sent before sources are asked for no more. Default: 64 KiB. */
  readonly bufferSize?: number;
}

/** The options as they are in force. */
export type WebSocketSettings = Required<Omit<WebSocketOptions, "origins" | "maxMessageSize">> & {
  readonly isAllowed: ((origin: string) => boolean) | undefined;
  readonly maxMessageSize: number | undefined;
};

/** Throws for an option that is not right. */
export function readWebSocketOptions(given: WebSocketOptions = {}): WebSocketSettings {
  const { initTimeout = 10_000, heartbeat = 15_000, writeTimeout = 60_000 } = given;
  const { operations = 100, maxMessageSize, bufferSize = 64 * 1024, origins } = given;
  for (const [name, value] of Object.entries({ initTimeout, heartbeat, writeTimeout })) {
    if (Number.isSafeInteger(value) && value > 0 && value < 2 ** 31) continue;
    throw new Error(`webSocket.${name} is ${value}: expected milliseconds, a whole number above 0`);
  }
  for (const [name, value] of Object.entries({ operations, maxMessageSize, bufferSize })) {
    if (value === undefined || (Number.isSafeInteger(value) && value > 0)) continue;
    throw new Error(`webSocket.${name} is ${value}: expected a whole number above 0`);
  }
  const isAllowed = origins === undefined ? undefined : createOriginPredicate("webSocket.origins", origins);
  return { initTimeout, heartbeat, writeTimeout, operations, maxMessageSize, bufferSize, isAllowed };
}
