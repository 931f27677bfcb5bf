import type {
  AppendContext,
  AppendSequenceRequest,
  CommandRecord,
  RecordedEvent,
  StreamAppend,
} from "../ports/index.js";

/** Returns the recorded events of an append, with positions after the given one. `at`: when they are recorded. */
export function toRecordedEvents(
  append: StreamAppend,
  context: AppendContext,
  position: number,
  at: number,
): RecordedEvent[] {
  const { stream, expectedVersion, events } = append;
  const { correlationId, causationId, metadata } = context;
  return events.map(({ id, definition, data, bytes }, i) => {
    const version = expectedVersion + i + 1;
    const { type, version: schemaVersion } = definition;
    // Written out: a literal that ends with a spread takes longer to create, and the object needs more memory.
    return bytes === undefined
      ? {
          id,
          position: position + i + 1,
          stream,
          version,
          type,
          schemaVersion,
          at,
          correlationId,
          causationId,
          metadata,
          data,
        }
      : {
          id,
          position: position + i + 1,
          stream,
          version,
          type,
          schemaVersion,
          at,
          correlationId,
          causationId,
          metadata,
          bytes,
        };
  });
}

/** The result of one part of a sequence. */
export interface RecordedPart {
  readonly command: CommandRecord | undefined;
  readonly events: RecordedEvent[];
  /** The version of the stream after this part. */
  readonly version: number;
}

/** Returns the recorded events of the parts of a sequence, in order. */
export function toRecordedParts(
  { stream, expectedVersion, parts }: AppendSequenceRequest,
  last: number,
  at: number,
): RecordedPart[] {
  let done = 0;
  return parts.map((part) => {
    const append = { stream, expectedVersion: expectedVersion + done, events: part.events };
    const events = toRecordedEvents(append, part, last + done, at);
    done += events.length;
    return { command: part.command, events, version: expectedVersion + done };
  });
}
