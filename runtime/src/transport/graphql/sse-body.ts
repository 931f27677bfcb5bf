import type { ExecutionResult } from "graphql";
import { type EventsSettings, heartbeatComment, releaseIterator, StreamBody, writeEvent } from "../../http/index.js";
import { toJsonText } from "./engine/index.js";

/** The results of one subscription, and what the stream needs to know about it. */
export interface SubscriptionEvents {
  readonly results: AsyncIterator<ExecutionResult>;
  /** Returns the id after which a client can resume; undefined if there is none. */
  readonly position: () => string | undefined;
  readonly toErrorResult: (error: unknown) => ExecutionResult;
  /** Aborts when the client disconnects or the server stops. */
  readonly signal: AbortSignal;
}

/**
 * Writes results as server-sent events, by the distinct connections mode of GraphQL over SSE: `next` for each result, and
 * `complete` at the end. When the server stops there is no `complete`, so that clients reconnect. Pulls one result at a
 * time, when the client has read the previous one.
 */
export function writeEvents(
  { results, position, toErrorResult, signal }: SubscriptionEvents,
  { heartbeat, retry }: Pick<EventsSettings, "heartbeat" | "retry">,
): AsyncIterableIterator<string> {
  let sentId: string | undefined;
  /** Returns the field for the resume position if it has changed. */
  const writeId = (): string => {
    const id = position();
    if (id === sentId) return "";
    sentId = id;
    return `id: ${id}\n`;
  };
  const fields = `${retry === undefined ? "" : `retry: ${retry}\n`}${writeId()}`;
  let head = fields === "" ? undefined : `${fields}\n`;
  let state: "open" | "failed" | "ended" = "open";
  const pull = async (): Promise<string | undefined> => {
    if (head !== undefined) {
      const text = head;
      head = undefined;
      return text;
    }
    if (state === "ended") return undefined;
    if (state === "open") {
      try {
        const next = await results.next();
        if (next.done !== true) return `${writeId()}${writeNext(next.value)}`;
      } catch (error) {
        // The source is not read again: it may fail forever.
        state = "failed";
        return writeNext(toErrorResult(error));
      }
    }
    state = "ended";
    return signal.aborted ? undefined : complete;
  };
  const release = (): void => releaseIterator(results);
  return new StreamBody({ pull, release, signal, heartbeat: { interval: heartbeat, chunk: heartbeatComment } });
}

/** Writes the single result of a query, a mutation or a rejected request, for clients that accept only events. */
export function writeSingleResult(result: ExecutionResult): string {
  return `${writeNext(result)}${complete}`;
}

const complete = writeEvent({ event: "complete", data: "" });

function writeNext(result: ExecutionResult): string {
  return writeEvent({ event: "next", data: toJsonText(result) });
}
