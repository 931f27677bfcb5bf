import type { Schema } from "../../driver/index.js";

/** Snapshots of aggregates. */
export function snapshotsTables({ sql }: Schema): string {
  return `
CREATE TABLE ${sql}.snapshots (
  tenant text COLLATE "C" NOT NULL,
  stream_type text COLLATE "C" NOT NULL,
  stream_id text COLLATE "C" NOT NULL,
  state_version integer NOT NULL,
  version bigint NOT NULL,
  state bytea NOT NULL,
  at timestamptz NOT NULL DEFAULT clock_timestamp(),
  PRIMARY KEY (stream_id, stream_type, tenant, state_version)
);`;
}
