import type { Schema } from "../schema.js";

/** How far each version of a projection has come. */
export function projectionsTables({ sql }: Schema): string {
  return `
CREATE TABLE ${sql}.projections (
  name text COLLATE "C" NOT NULL,
  version integer NOT NULL,
  pos bigint NOT NULL,
  state text COLLATE "C" NOT NULL CHECK (state IN ('building', 'live', 'retired')),
  PRIMARY KEY (name, version)
);
CREATE UNIQUE INDEX projections_live ON ${sql}.projections (name) WHERE state = 'live';`;
}
