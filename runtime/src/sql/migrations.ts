import { appendFunction } from "./append-function.js";
import type { Schema } from "./schema.js";
import { writeRowsFunctions } from "./write-rows-function.js";

/**
 * The steps by which the schema came to be, oldest first. A released step never changes: what it made is changed by
 * a later one. A function whose arguments change gets another name, since processes of the release before still
 * call the old one while the new one migrates.
 */
export const migrations: readonly ((schema: Schema) => string)[] = [firstTables];

/**
 * Text goes by its bytes (`COLLATE "C"`): the order is the same on every server and under every locale, and it is
 * the quickest to compare.
 */
function firstTables(schema: Schema): string {
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

CREATE TABLE ${sql}.commands (
  tenant text COLLATE "C" NOT NULL,
  id text COLLATE "C" NOT NULL,
  request_hash text COLLATE "C" NOT NULL,
  response bytea NOT NULL,
  version bigint NOT NULL,
  at timestamptz NOT NULL DEFAULT clock_timestamp(),
  PRIMARY KEY (tenant, id)
);

CREATE TABLE ${sql}.snapshots (
  tenant text COLLATE "C" NOT NULL,
  stream_type text COLLATE "C" NOT NULL,
  stream_id text COLLATE "C" NOT NULL,
  state_version integer NOT NULL,
  version bigint NOT NULL,
  state bytea NOT NULL,
  PRIMARY KEY (tenant, stream_type, stream_id, state_version)
);

CREATE TABLE ${sql}.projections (
  name text COLLATE "C" NOT NULL,
  version integer NOT NULL,
  pos bigint NOT NULL,
  state text COLLATE "C" NOT NULL CHECK (state IN ('building', 'live', 'retired')),
  PRIMARY KEY (name, version)
);
CREATE UNIQUE INDEX projections_live ON ${sql}.projections (name) WHERE state = 'live';

CREATE TABLE ${sql}.rows (
  view text COLLATE "C" NOT NULL,
  version integer NOT NULL,
  tenant text COLLATE "C" NOT NULL,
  key text COLLATE "C" NOT NULL,
  data bytea NOT NULL,
  fields jsonb NOT NULL,
  PRIMARY KEY (view, version, tenant, key)
);
CREATE INDEX rows_fields ON ${sql}.rows USING gin (fields jsonb_path_ops);
${appendFunction(schema)}
${writeRowsFunctions(schema)}`;
}
