import type { ExecutionResult } from "graphql";
import { textOf } from "./engine/index.js";

/** How server-sent events are sent. */
export interface EventsOptions {
  /** Milliseconds of silence after which a comment is sent, so that proxies keep the connection. Default: 15 s. */
  readonly heartbeat?: number;
  /** Milliseconds after which a client whose connection broke is to connect again. Default: the client's own. */
  readonly retry?: number;
  /** How long a client may let an event wait before it is cut off, in milliseconds. Default: 60 s. */
  readonly writeTimeout?: number;
}

/** The options as they are in force. Throws for one that is not right. */
export function readEventsOptions({
  heartbeat = 15_000,
  retry,
  writeTimeout = 60_000,
}: EventsOptions = {}): EventsOptions & Required<Pick<EventsOptions, "heartbeat" | "writeTimeout">> {
  for (const [name, value] of Object.entries({ heartbeat, retry, writeTimeout })) {
    if (value === undefined || (Number.isSafeInteger(value) && value > 0 && value < 2 ** 31)) continue;
    throw new Error(`events.${name} is ${value}: expected milliseconds, a whole number above 0`);
  }
  return { heartbeat, writeTimeout, ...(retry !== undefined && { retry }) };
}

/** What is sent of a subscription. */
export interface EventSource {
  readonly results: AsyncIterator<ExecutionResult>;
  /** The id under which a client may go on from here; undefined: there is none. */
  readonly place: () => string | undefined;
  readonly toFailure: (error: unknown) => ExecutionResult;
  /** Aborts when the client has gone or the server stops. */
  readonly signal: AbortSignal;
}

/**
 * Results as server-sent events, by the distinct connections mode of GraphQL over SSE: `next` for each, and `complete` when
 * there are no more; not when the server stops, so that clients connect again. A result is asked for when the reader wants it,
 * one at a time. `return` returns the source at once, also while it is waited for.
 */
export function writeEvents(
  { results, place, toFailure, signal }: EventSource,
  { heartbeat, retry }: Required<Pick<EventsOptions, "heartbeat">> & EventsOptions,
): AsyncIterableIterator<string> {
  let pending: Promise<string | undefined> | undefined;
  let done = false;
  let failed = false;
  let wake = (): void => {};
  let told: string | undefined;
  /** The field for the place, where that is a new one. */
  const idOf = (): string => {
    const id = place();
    if (id === told) return "";
    told = id;
    return `id: ${id}\n`;
  };
  let head = `${retry === undefined ? "" : `retry: ${retry}\n`}${idOf()}`;
  const pull = async (): Promise<string | undefined> => {
    // A source that failed may fail forever.
    if (failed) return undefined;
    try {
      const next = await results.next();
      return next.done === true ? undefined : `${idOf()}${eventOf(next.value)}`;
    } catch (error) {
      failed = true;
      return eventOf(toFailure(error));
    }
  };
  const end: IteratorResult<string> = { done: true, value: undefined };
  return {
    [Symbol.asyncIterator]() {
      return this;
    },
    async next() {
      if (done) return end;
      if (head !== "") {
        const value = `${head}\n`;
        head = "";
        return { done: false, value };
      }
      pending ??= pull();
      let timer: ReturnType<typeof setTimeout> | undefined;
      const silence = new Promise<":">((resolve) => {
        timer = setTimeout(resolve, heartbeat, ":");
        wake = () => resolve(":");
      });
      const text = await Promise.race([pending, silence]);
      clearTimeout(timer);
      if (done) return end;
      if (text === ":") return { done: false, value: ":\n\n" };
      pending = undefined;
      if (text !== undefined) return { done: false, value: text };
      done = true;
      return signal.aborted ? end : { done: false, value: complete };
    },
    async return() {
      done = true;
      wake();
      // A source that waits for its own next item would be waited for in vain.
      results.return?.().catch(() => {});
      return end;
    },
  };
}

/** The one result of a query, a mutation or what was refused, for clients that take nothing but events. */
export function writeOne(result: ExecutionResult): string {
  return `${eventOf(result)}${complete}`;
}

/** With `data`, since browsers dispatch no event without it. */
const complete = "event: complete\ndata:\n\n";

function eventOf(result: ExecutionResult): string {
  return `event: next\ndata: ${textOf(result)}\n\n`;
}
