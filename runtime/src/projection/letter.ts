import { isPotterError } from "../errors/index.js";
import type { DeadLetter } from "../store/ports/index.js";
import type { Failure } from "./batch.js";

/** A letter for an event. `retryIn`: milliseconds until the next try. */
export function toLetter(
  { event, key }: Pick<Failure, "event" | "key">,
  shard: number,
  tried?: { readonly error: unknown; readonly retryIn: number | undefined },
): DeadLetter {
  return {
    key,
    shard,
    position: event.position,
    eventId: event.id,
    type: event.type,
    schemaVersion: event.schemaVersion,
    stream: event.stream,
    version: event.version,
    error: tried && describeError(tried.error),
    attempts: tried === undefined ? 0 : 1,
    retryIn: tried?.retryIn,
  };
}

const longestError = 500;

/**
 * What is kept of an error: its name, its code and the place in the code, but nothing of the message, which may hold what
 * the event holds. The message is in the log.
 */
export function describeError(error: unknown): string {
  if (isPotterError(error)) return `${error.code}: ${placeOf(error)}`.slice(0, longestError);
  if (!(error instanceof Error)) return `a thrown ${typeof error}`;
  return `${error.name}: ${placeOf(error)}`.slice(0, longestError);
}

/** The first line of a stack that says where. */
function placeOf({ stack = "" }: Error): string {
  return (
    stack
      .split("\n")
      .find((line) => /^\s+at /.test(line))
      ?.trim() ?? "at an unknown place"
  );
}
