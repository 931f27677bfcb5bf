import type { JsonValue } from "@bufbuild/protobuf";
import type { EventCatalog } from "../aggregate/index.js";
import type { RecordedEvent } from "../store/ports/index.js";

/** A recorded event, decoded and upcast to its current version. */
export interface DecodedEvent {
  /** The stored type of the event, or of the event that it is upcast to. */
  readonly type: string;
  /** The schema version of that type. */
  readonly version: number;
  /** The message, in the form of the contract's codec. */
  readonly message: unknown;
  /** The message as ProtoJSON. */
  toJson(): JsonValue;
}

/** Decodes a recorded event; undefined if no part of the app knows its type and version. */
export function readContent(catalog: EventCatalog, event: RecordedEvent): DecodedEvent | undefined {
  const reader = catalog.find(event.type, event.schemaVersion);
  if (reader === undefined) return undefined;
  const { type, version, codec } = reader.definition;
  const message = reader.read(event);
  return { type, version, message, toJson: () => codec.toJson(message) };
}
