import type { Schema } from "../../driver/index.js";

/** Messages to be sent, and the lease of the process that sends them. */
export function outboxTables({ sql }: Schema): string {
  return `
CREATE TABLE ${sql}.outbox (
  pos bigint GENERATED ALWAYS AS IDENTITY (CACHE 1 MAXVALUE ${Number.MAX_SAFE_INTEGER}) PRIMARY KEY,
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
  metadata jsonb NOT NULL
);
COMMENT ON TABLE ${sql}.outbox IS 'events that are still to be sent: each is deleted once it was';
CREATE TABLE ${sql}.outbox_lease (
  one boolean PRIMARY KEY DEFAULT true CHECK (one),
  owner text COLLATE "C" NOT NULL,
  epoch bigint NOT NULL,
  until timestamptz NOT NULL
);
INSERT INTO ${sql}.outbox_lease (owner, epoch, until) VALUES ('', 0, '-infinity');`;
}
