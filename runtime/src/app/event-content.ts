import type { JsonValue } from "@bufbuild/protobuf";
import type { EventCatalog } from "../aggregate/index.js";
import type { RecordedEvent } from "../store/ports/index.js";

/** What a recorded event says, to the code of today. */
export interface DecodedEvent {
  /** The stored type and version that it is read as: those of the event, or of what it is upcast to. */
  readonly type: string;
  readonly version: number;
  /** A message of that version. */
  readonly message: unknown;
  /** The message as ProtoJSON. */
  toJson(): JsonValue;
}

/** undefined: no part of the app knows the type and version of the event. */
export function readContent(catalog: EventCatalog, event: RecordedEvent): DecodedEvent | undefined {
  const reader = catalog.find(event.type, event.schemaVersion);
  if (reader === undefined) return undefined;
  const { type, version, codec } = reader.definition;
  const message = reader.read(event);
  return { type, version, message, toJson: () => codec.toJson(message) };
}
