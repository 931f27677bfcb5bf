import type { Schema } from "../../driver/index.js";

/** The keys that personal fields are encrypted under. */
export function subjectKeysTables({ sql }: Schema): string {
  return `
CREATE TABLE ${sql}.subject_keys (
  tenant text COLLATE "C" NOT NULL,
  subject text COLLATE "C" NOT NULL,
  generation integer NOT NULL DEFAULT 1,
  key bytea,
  wrapped_by text COLLATE "C" NOT NULL DEFAULT '',
  created_at timestamptz NOT NULL DEFAULT clock_timestamp(),
  forgotten_at timestamptz,
  PRIMARY KEY (tenant, subject),
  CHECK (key IS NULL OR forgotten_at IS NULL)
);
COMMENT ON TABLE ${sql}.subject_keys IS 'keys of personal data: without its key, what was stored of a subject cannot be read again';`;
}
