import type { RecordedEvent, StoredEvent } from "../../store/ports/index.js";
import type { SqlRow } from "../driver/index.js";
import { unescapeNul } from "./escape-nul.js";
import { fromJsonObject } from "./json.js";

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
      tenant: unescapeNul(row["tenant"] as string),
      type: unescapeNul(row["stream_type"] as string),
      id: unescapeNul(row["stream_id"] as string),
    },
    version: Number(row["version"]),
    type: unescapeNul(row["type"] as string),
    schemaVersion: Number(row["schema_version"]),
    at: Number(row["at"]),
    correlationId: unescapeNul(row["correlation"] as string),
    causationId: unescapeNul(row["causation"] as string),
    metadata: fromJsonObject(row["metadata"]),
    bytes: row["data"] as Uint8Array,
  };
}

/** Reads the part of a row that an aggregate folds. */
export function toStoredEvent(row: SqlRow): StoredEvent {
  const { at } = row;
  return {
    version: Number(row["version"]),
    type: unescapeNul(row["type"] as string),
    schemaVersion: Number(row["schema_version"]),
    ...(at !== undefined && { at: Number(at) }),
    bytes: row["data"] as Uint8Array,
  };
}
