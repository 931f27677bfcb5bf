import { isPotterError, isStubMessage } from "../../errors/index.js";
import type { DeadLetter } from "../../store/ports/index.js";
import type { Failure } from "./batch.js";

/** The dead letter of an event. `retryIn`: milliseconds until the next try; without `tried`, it waits behind an earlier one. */
export function toDeadLetter(
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

const maxErrorLength = 500;

/**
 * What is stored of an error: its name or code, and the first stack frame. Not the message, which may quote the event; that
 * is in the log. That of a stub quotes nothing, and says what is to be written.
 */
export function describeError(error: unknown): string {
  if (error instanceof Error && isStubMessage(error.message)) {
    return `unimplemented: ${error.message}`.slice(0, maxErrorLength);
  }
  if (isPotterError(error)) return `${error.code}: ${firstStackFrame(error)}`.slice(0, maxErrorLength);
  if (!(error instanceof Error)) return `a thrown ${typeof error}`;
  return `${error.name}: ${firstStackFrame(error)}`.slice(0, maxErrorLength);
}

function firstStackFrame({ stack = "" }: Error): string {
  return (
    stack
      .split("\n")
      .find((line) => /^\s+at /.test(line))
      ?.trim() ?? "at an unknown place"
  );
}
