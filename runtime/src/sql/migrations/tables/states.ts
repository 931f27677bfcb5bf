import type { Schema } from "../../driver/index.js";

/** States of aggregates that store their state instead of events. */
export function statesTables({ sql }: Schema): string {
  return `
CREATE TABLE ${sql}.states (
  tenant text COLLATE "C" NOT NULL,
  type text COLLATE "C" NOT NULL,
  id text COLLATE "C" NOT NULL,
  version bigint NOT NULL,
  state_version integer NOT NULL,
  state bytea NOT NULL,
  at timestamptz NOT NULL,
  PRIMARY KEY (tenant, type, id)
) WITH (fillfactor = 80);
COMMENT ON COLUMN ${sql}.states.version IS 'number of events that have led to the state';`;
}
