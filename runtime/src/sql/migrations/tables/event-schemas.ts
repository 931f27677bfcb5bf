import type { Schema } from "../../driver/index.js";

/** How events were declared by the apps that recorded them. */
export function eventSchemasTables({ sql }: Schema): string {
  return `
CREATE TABLE ${sql}.descriptors (
  hash text COLLATE "C" PRIMARY KEY,
  data bytea NOT NULL,
  at timestamptz NOT NULL DEFAULT clock_timestamp()
);
COMMENT ON COLUMN ${sql}.descriptors.data IS 'a byte that says how it is packed (0: not, 1: raw deflate), then a google.protobuf.FileDescriptorSet';
CREATE TABLE ${sql}.event_schemas (
  n integer PRIMARY KEY,
  type text COLLATE "C" NOT NULL,
  schema_version integer NOT NULL,
  message text COLLATE "C" NOT NULL,
  hash text COLLATE "C" NOT NULL REFERENCES ${sql}.descriptors,
  at timestamptz NOT NULL DEFAULT clock_timestamp(),
  UNIQUE (type, schema_version, message, hash)
);
COMMENT ON TABLE ${sql}.event_schemas IS 'how events were declared, in the order in which that became known';`;
}
