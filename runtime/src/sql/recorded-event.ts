import type { RecordedEvent, StoredEvent } from "../event-store/index.js";
import type { SqlRow } from "./driver.js";
import { fromJsonObject } from "./json.js";
import { fromText } from "./text.js";

/** A time in milliseconds since 1970. */
export const atMilliseconds = "trunc(extract(epoch FROM at) * 1000)";

/** The columns that {@link toRecordedEvent} reads. */
export const eventColumns: string = `pos, tenant, stream_type, stream_id, version, type, schema_version, id,
  ${atMilliseconds} AS at, correlation, causation, data, metadata`;

/** Reads a row of the table of events. */
export function toRecordedEvent(row: SqlRow): RecordedEvent {
  return {
    id: row["id"] as string,
    position: Number(row["pos"]),
    stream: {
      tenant: fromText(row["tenant"] as string),
      type: fromText(row["stream_type"] as string),
      id: fromText(row["stream_id"] as string),
    },
    version: Number(row["version"]),
    type: fromText(row["type"] as string),
    schemaVersion: Number(row["schema_version"]),
    at: Number(row["at"]),
    correlationId: fromText(row["correlation"] as string),
    causationId: fromText(row["causation"] as string),
    metadata: fromJsonObject(row["metadata"]),
    bytes: row["data"] as Uint8Array,
  };
}

/** Reads what an aggregate folds of a row. */
export function toStoredEvent(row: SqlRow): StoredEvent {
  const { at } = row;
  return {
    version: Number(row["version"]),
    type: fromText(row["type"] as string),
    schemaVersion: Number(row["schema_version"]),
    ...(at !== undefined && { at: Number(at) }),
    bytes: row["data"] as Uint8Array,
  };
}
