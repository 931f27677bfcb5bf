import type { Schema } from "../../driver/index.js";

/**
 * Rows of the table of events that no reader of events sees. Their positions are negative, and each holds a version of a
 * stream in the unique index, so that no append can take it.
 */
export const markers = {
  /** Type of the two rows of a closed stream: one has the version after its last event, the other {@link lastVersion}. */
  closed: "closed",
  /** Type of the row in place of the last event of a stream, if that is archived. */
  archived: "archived",
  /** Type of a row that exists only within a transaction: no append to the stream can commit before it ends. */
  held: "held",
} as const;

/** Version of the last row of a closed stream, which no append expects. */
export const lastVersion: string = String(Number.MAX_SAFE_INTEGER);

/** Expression: the version that is last in the unique index of a stream, 0 if there is none; {@link lastVersion} if it is closed. */
export function latestVersion({ sql }: Schema, tenant: string, type: string, id: string): string {
  // The index holds it as its last entry, so this reads one entry, however long the stream is.
  return `coalesce((SELECT e.version FROM ${sql}.events e
      WHERE e.stream_id = ${id} AND e.stream_type = ${type} AND e.tenant = ${tenant} ORDER BY e.version DESC LIMIT 1), 0)`;
}

/** Expression: the type of the marker that is last in a stream; NULL if an event is last, or nothing. */
export function latestMarker({ sql }: Schema, tenant: string, type: string, id: string): string {
  return `(SELECT CASE WHEN e.pos < 0 THEN e.type END FROM ${sql}.events e
      WHERE e.stream_id = ${id} AND e.stream_type = ${type} AND e.tenant = ${tenant} ORDER BY e.version DESC LIMIT 1)`;
}

/** Selected columns of a marker, in the order of {@link markerColumns}. */
export function markerValues(
  { sql }: Schema,
  kind: keyof typeof markers,
  columns: {
    readonly tenant: string;
    readonly type: string;
    readonly id: string;
    readonly version: string;
  },
): string {
  const { tenant, type, id, version } = columns;
  return `-nextval('${sql}.markers'), ${tenant}, ${type}, ${id}, ${version}, '${markers[kind]}', 0, 0,
      '00000000-0000-0000-0000-000000000000'::uuid, clock_timestamp(), '', '', '', '{}'`;
}

export const markerColumns =
  "pos, tenant, stream_type, stream_id, version, type, schema_version, bucket, id, at, correlation, causation, data, metadata";
