import { PotterError } from "../../errors/index.js";

/** How server-sent events are sent. */
export interface EventsOptions {
  /** Milliseconds of silence after which a comment is sent, so that proxies keep the connection open. Default: 15 s. */
  readonly heartbeat?: number;
  /** Milliseconds after which a client reconnects when its connection breaks. Default: the client's own. */
  readonly retry?: number;
  /** How long a client may leave an event unread before it is disconnected, in milliseconds. Default: 60 s. */
  readonly writeTimeout?: number;
}

/** The options with their defaults. */
export type EventsSettings = EventsOptions & Required<Pick<EventsOptions, "heartbeat" | "writeTimeout">>;

/** Checks the options and fills in defaults. Throws a PotterError for an invalid one. */
export function readEventsOptions({
  heartbeat = 15_000,
  retry,
  writeTimeout = 60_000,
}: EventsOptions = {}): EventsSettings {
  for (const [name, value] of Object.entries({ heartbeat, retry, writeTimeout })) {
    if (value === undefined || (Number.isSafeInteger(value) && value > 0 && value < 2 ** 31)) continue;
    const message = `events.${name} is ${value}: expected milliseconds, a whole number above 0`;
    throw new PotterError("invalid_argument", message);
  }
  return { heartbeat, writeTimeout, ...(retry !== undefined && { retry }) };
}

export const eventStreamType = "text/event-stream";

/** Headers of an event stream except its type: proxies must neither store events nor hold them back to send several at once. */
export const eventStreamHeaders: Readonly<Record<string, string>> = {
  "cache-control": "no-store",
  "x-accel-buffering": "no",
};

/** A comment, which clients ignore. */
export const heartbeatComment = ":\n\n";

/** The fields of a server-sent event (HTML standard, section 9.2). */
export interface ServerSentEvent {
  /** The id from which a client can resume. */
  readonly id?: string | undefined;
  /** The type. Default: `message`. */
  readonly event?: string;
  /** One line. Browsers ignore an event without it, so an empty one is written too. */
  readonly data: string;
}

/** Writes a server-sent event. */
export function writeEvent({ id, event, data }: ServerSentEvent): string {
  const head = `${id === undefined ? "" : `id: ${id}\n`}${event === undefined ? "" : `event: ${event}\n`}`;
  return data === "" ? `${head}data:\n\n` : `${head}data: ${data}\n\n`;
}
