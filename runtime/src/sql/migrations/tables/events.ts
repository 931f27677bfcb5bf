import type { Schema } from "../../driver/index.js";
import { appendOneFunction } from "../functions/append-one.js";

/** Streams, events in one order, unique values, and positions that no event will ever have. */
export function eventsTables(schema: Schema): string {
  const { sql } = schema;
  return `
CREATE TABLE ${sql}.streams (
  tenant text COLLATE "C" NOT NULL,
  type text COLLATE "C" NOT NULL,
  id text COLLATE "C" NOT NULL,
  version bigint NOT NULL,
  closed boolean NOT NULL DEFAULT false,
  archived bigint NOT NULL DEFAULT 0,
  PRIMARY KEY (id, type, tenant)
) WITH (fillfactor = 80);
COMMENT ON COLUMN ${sql}.streams.archived IS 'events up to this version are in events_archive';

CREATE SEQUENCE ${sql}.positions CACHE 1 MAXVALUE ${Number.MAX_SAFE_INTEGER};

CREATE TABLE ${sql}.events (
  pos bigint PRIMARY KEY,
  tenant text COLLATE "C" NOT NULL,
  stream_type text COLLATE "C" NOT NULL,
  stream_id text COLLATE "C" NOT NULL,
  version bigint NOT NULL,
  type text COLLATE "C" NOT NULL,
  schema_version integer NOT NULL,
  bucket smallint NOT NULL,
  id uuid NOT NULL,
  at timestamptz NOT NULL,
  correlation text COLLATE "C" NOT NULL,
  causation text COLLATE "C" NOT NULL,
  data bytea NOT NULL,
  metadata jsonb NOT NULL,
  UNIQUE (stream_id, stream_type, tenant, version)
);
COMMENT ON COLUMN ${sql}.events.data IS 'the event in the binary format of protobuf';
COMMENT ON COLUMN ${sql}.events.bucket IS 'of the stream, for consumers that share the work';

CREATE TABLE ${sql}.events_archive (LIKE ${sql}.events INCLUDING ALL);

CREATE TABLE ${sql}.skips (
  first bigint PRIMARY KEY,
  last bigint NOT NULL,
  at timestamptz NOT NULL DEFAULT clock_timestamp()
);
COMMENT ON TABLE ${sql}.skips IS 'positions that were drawn by appends that failed: no event will ever stand there';

CREATE TABLE ${sql}.settled (
  one boolean PRIMARY KEY DEFAULT true CHECK (one),
  pos bigint NOT NULL
);
INSERT INTO ${sql}.settled (pos) VALUES (0);
COMMENT ON TABLE ${sql}.settled IS 'nothing at or below this position can still appear; brought up to date now and then';

CREATE TABLE ${sql}.claims (
  tenant text COLLATE "C" NOT NULL,
  index text COLLATE "C" NOT NULL,
  value text COLLATE "C" NOT NULL,
  stream_type text COLLATE "C" NOT NULL,
  stream_id text COLLATE "C" NOT NULL,
  subject text COLLATE "C",
  PRIMARY KEY (value, index, tenant)
);
CREATE INDEX claims_by_subject ON ${sql}.claims (subject, tenant) WHERE subject IS NOT NULL;
COMMENT ON COLUMN ${sql}.claims.subject IS 'whose personal data the value is, which is then a keyed hash: released when the subject is erased';
COMMENT ON TABLE ${sql}.claims IS 'values that one stream of a tenant holds alone';
${appendOneFunction(schema)}`;
}
