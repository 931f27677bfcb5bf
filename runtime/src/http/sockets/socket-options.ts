import { PotterError } from "../../errors/index.js";
import { createOriginPredicate, type Origins } from "../origins.js";

/** Options of every transport over WebSockets. Limits apply to each connection; durations are milliseconds. */
export interface SocketOptions {
  /**
   * Web pages that may connect: `*` for all, a list of origins such as `https://shop.example.com`, or a predicate. Clients other
   * than web pages may always connect. Default: pages of the same origin, and origins that `http.cors` of the app allows.
   */
  readonly origins?: Origins;
  /** Interval between pings. A client that sends nothing until the next ping is disconnected. Default: 15 s. */
  readonly heartbeat?: number;
  /** How long a message may wait for the client before the server disconnects it. Default: 60 s. */
  readonly writeTimeout?: number;
  /** Number of unsent bytes above which streams pull no further items. Default: 64 KiB. */
  readonly bufferSize?: number;
}

/** The options with defaults applied. */
export interface SocketSettings extends Required<Omit<SocketOptions, "origins">> {
  readonly isAllowed: ((origin: string) => boolean) | undefined;
}

/** Options of one transport, to be checked with the common ones. */
export interface OwnSocketOptions {
  /** Durations in milliseconds, by name. Undefined: not set. */
  readonly durations: Readonly<Record<string, number | undefined>>;
  /** Numbers above 0, by name. Undefined: not set. */
  readonly counts: Readonly<Record<string, number | undefined>>;
}

/** Applies the defaults and checks all options. `prefix` precedes their names in errors. Throws `invalid_argument` for an invalid one. */
export function readSocketOptions(
  { heartbeat = 15_000, writeTimeout = 60_000, bufferSize = 64 * 1024, origins }: SocketOptions,
  prefix: string,
  own: OwnSocketOptions,
): SocketSettings {
  for (const [name, value] of Object.entries({ ...own.durations, heartbeat, writeTimeout })) {
    if (value === undefined || (Number.isSafeInteger(value) && value > 0 && value < 2 ** 31)) continue;
    const expected = "expected milliseconds, a whole number above 0";
    throw new PotterError("invalid_argument", `${prefix}${name} is ${value}: ${expected}`);
  }
  for (const [name, value] of Object.entries({ ...own.counts, bufferSize })) {
    if (value === undefined || (Number.isSafeInteger(value) && value > 0)) continue;
    throw new PotterError("invalid_argument", `${prefix}${name} is ${value}: expected a whole number above 0`);
  }
  const isAllowed = origins === undefined ? undefined : createOriginPredicate(`${prefix}origins`, origins);
  return { heartbeat, writeTimeout, bufferSize, isAllowed };
}
