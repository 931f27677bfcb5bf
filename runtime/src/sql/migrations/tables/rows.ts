import type { Schema } from "../../driver/index.js";

/** The rows of read models. */
export function rowsTables({ sql }: Schema): string {
  return `
CREATE TABLE ${sql}.rows (
  view text COLLATE "C" NOT NULL,
  version integer NOT NULL,
  generation integer NOT NULL,
  tenant text COLLATE "C" NOT NULL,
  key text COLLATE "C" NOT NULL,
  data bytea NOT NULL,
  fields jsonb NOT NULL,
  PRIMARY KEY (view, version, generation, tenant, key)
);
CREATE INDEX rows_fields ON ${sql}.rows USING gin (fields jsonb_path_ops);`;
}
