import type { Schema } from "../../driver/index.js";

/** Checkpoints, leases and dead letters of each build of a projection. */
export function projectionsTables({ sql }: Schema): string {
  const build = `name text COLLATE "C" NOT NULL, version integer NOT NULL, generation integer NOT NULL`;
  return `
CREATE TABLE ${sql}.projections (
  ${build},
  state text COLLATE "C" NOT NULL CHECK (state IN ('building', 'live', 'retired')),
  retired_at timestamptz,
  dropped boolean NOT NULL DEFAULT false,
  PRIMARY KEY (name, version, generation)
);
CREATE UNIQUE INDEX projections_live ON ${sql}.projections (name) WHERE state = 'live';
CREATE TABLE ${sql}.projection_shards (
  ${build}, shard integer NOT NULL,
  pos bigint NOT NULL DEFAULT 0,
  epoch bigint NOT NULL DEFAULT 0,
  owner text COLLATE "C" NOT NULL DEFAULT '',
  lease_until timestamptz NOT NULL DEFAULT '-infinity',
  paused boolean NOT NULL DEFAULT false,
  PRIMARY KEY (name, version, generation, shard)
) WITH (fillfactor = 50);
CREATE TABLE ${sql}.projection_workers (
  worker text COLLATE "C" NOT NULL,
  name text COLLATE "C" NOT NULL,
  until timestamptz NOT NULL,
  PRIMARY KEY (worker, name)
) WITH (fillfactor = 50);
CREATE TABLE ${sql}.dead_letters (
  ${build}, shard integer NOT NULL,
  key text COLLATE "C" NOT NULL,
  pos bigint NOT NULL,
  event_id uuid NOT NULL,
  type text COLLATE "C" NOT NULL,
  schema_version integer NOT NULL,
  tenant text COLLATE "C" NOT NULL,
  stream_type text COLLATE "C" NOT NULL,
  stream_id text COLLATE "C" NOT NULL,
  stream_version bigint NOT NULL,
  error text,
  attempts integer NOT NULL,
  retry_at timestamptz,
  at timestamptz NOT NULL DEFAULT clock_timestamp(),
  PRIMARY KEY (name, version, generation, shard, key, pos)
);
CREATE INDEX dead_letters_due ON ${sql}.dead_letters (name, version, generation, shard, retry_at) WHERE retry_at IS NOT NULL;`;
}
