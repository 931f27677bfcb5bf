import type { JsonValue } from "@bufbuild/protobuf";
import type { EventCatalog } from "../aggregate/index.js";
import type { EventStore, RecordedEvent } from "../store/ports/index.js";

/** An event of a stream in readable form. Contains the personal fields of the event. */
export interface HistoryEntry extends Omit<RecordedEvent, "bytes" | "data"> {
  /** The event as ProtoJSON, upcast to its current version. */
  readonly data: JsonValue;
}

/** Reads the events of one aggregate, oldest first. */
export async function readHistory(
  events: EventStore,
  catalog: EventCatalog,
  stream: RecordedEvent["stream"],
): Promise<HistoryEntry[]> {
  const recorded = await events.readStream(stream);
  return recorded.map((event) => {
    const reader = catalog.reader(event);
    const { bytes: _, data: __, ...meta } = event;
    return { ...meta, data: reader.definition.codec.toJson(reader.read(event)) };
  });
}
