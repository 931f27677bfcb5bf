import type { Schema } from "../../driver/index.js";

/** Executed commands with their responses. */
export function commandsTables({ sql }: Schema): string {
  return `
CREATE TABLE ${sql}.commands (
  tenant text COLLATE "C" NOT NULL,
  id text COLLATE "C" NOT NULL,
  request_hash text COLLATE "C" NOT NULL,
  response bytea NOT NULL,
  version bigint NOT NULL,
  at timestamptz NOT NULL DEFAULT clock_timestamp(),
  PRIMARY KEY (id, tenant)
);`;
}
