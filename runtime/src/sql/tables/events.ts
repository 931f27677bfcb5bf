import { appendFunction } from "../append-function.js";
import type { Schema } from "../schema.js";

/** The streams, their events in one order, and the positions that no event will ever have. */
export function eventsTables(schema: Schema): string {
  const { sql } = schema;
  return `
CREATE TABLE ${sql}.streams (
  tenant text COLLATE "C" NOT NULL,
  type text COLLATE "C" NOT NULL,
  id text COLLATE "C" NOT NULL,
  version bigint NOT NULL,
  PRIMARY KEY (tenant, type, id)
) WITH (fillfactor = 80);
CREATE SEQUENCE ${sql}.positions CACHE 1;
CREATE TABLE ${sql}.events (
  pos bigint PRIMARY KEY,
  tenant text COLLATE "C" NOT NULL,
  stream_type text COLLATE "C" NOT NULL,
  stream_id text COLLATE "C" NOT NULL,
  version bigint NOT NULL,
  type text COLLATE "C" NOT NULL,
  schema_version integer NOT NULL,
  id uuid NOT NULL,
  at timestamptz NOT NULL,
  correlation text COLLATE "C" NOT NULL,
  causation text COLLATE "C" NOT NULL,
  data bytea NOT NULL,
  metadata jsonb NOT NULL,
  UNIQUE (tenant, stream_type, stream_id, version)
);
COMMENT ON COLUMN ${sql}.events.data IS 'the event in the binary format of protobuf';
CREATE TABLE ${sql}.skips (
  first bigint PRIMARY KEY,
  last bigint NOT NULL,
  at timestamptz NOT NULL DEFAULT clock_timestamp()
);
COMMENT ON TABLE ${sql}.skips IS 'positions that were drawn by appends that failed: no event will ever stand there';
${appendFunction(schema)}`;
}
