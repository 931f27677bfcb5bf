import type { Schema } from "../driver/index.js";
import { appendGroupFunction } from "./functions/append-group.js";
import { appendOneFunction } from "./functions/append-one.js";
import { appendOneWithRowFunction } from "./functions/append-one-with-row.js";
import { appendSequenceFunction } from "./functions/append-sequence.js";
import { appendWithRowsFunction } from "./functions/append-with-rows.js";
import { lastVersion, latestMarker, markerColumns, markers, markerValues } from "./functions/stream-version.js";

/**
 * The version of a stream is that of its last row in the table of events, whose unique index decides which of two appends is
 * written. The table of streams becomes a list of them: appends do not write it, listing updates it. Streams that are closed, and
 * those whose last event is archived, get their markers; a log of many events is not read.
 *
 * A process of an earlier release that still runs appends by the functions, which are replaced. It would close and archive streams
 * without markers, so the database refuses that: one column has another name, and a trigger looks for the marker.
 */
export function versionInEvents(schema: Schema): string {
  const { sql } = schema;
  const marker = (kind: "closed" | "archived", version: string, where: string) => `
INSERT INTO ${sql}.events (${markerColumns})
SELECT ${markerValues(schema, kind, { tenant: "s.tenant", type: "s.type", id: "s.id", version })}
FROM ${sql}.streams s WHERE ${where};`;
  return `
CREATE SEQUENCE ${sql}.markers;
COMMENT ON SEQUENCE ${sql}.markers IS 'negative positions of rows that hold a version of a stream, and are no events';
ALTER TABLE ${sql}.high_water_mark ADD COLUMN listed bigint NOT NULL DEFAULT 0;
COMMENT ON COLUMN ${sql}.high_water_mark.listed IS 'the table of streams has all streams with events up to this position';
UPDATE ${sql}.high_water_mark SET listed = pos;
LOCK TABLE ${sql}.streams IN SHARE ROW EXCLUSIVE MODE;
LOCK TABLE ${sql}.events IN SHARE ROW EXCLUSIVE MODE;
${marker("archived", "s.version", "s.archived = s.version AND s.version > 0")}
${marker("closed", "s.version + 1", "s.closed")}
${marker("closed", lastVersion, "s.closed")}
ALTER TABLE ${sql}.streams RENAME COLUMN archived TO archived_version;
CREATE FUNCTION ${sql}.check_closed() RETURNS trigger LANGUAGE plpgsql AS $function$
BEGIN
  IF ${latestMarker(schema, "NEW.tenant", "NEW.type", "NEW.id")} IS DISTINCT FROM '${markers.closed}' THEN
    RAISE EXCEPTION 'a stream is closed by its marker in the table of events: this process is of an earlier release';
  END IF;
  RETURN NEW;
END
$function$;
CREATE TRIGGER check_closed BEFORE INSERT OR UPDATE OF closed ON ${sql}.streams
  FOR EACH ROW WHEN (NEW.closed) EXECUTE FUNCTION ${sql}.check_closed();
ALTER TABLE ${sql}.streams RESET (fillfactor);
COMMENT ON TABLE ${sql}.streams IS 'a list of streams, which listing them updates; what is closed and archived is always exact';
${appendOneFunction(schema)}
${appendGroupFunction(schema)}
${appendSequenceFunction(schema)}
${appendWithRowsFunction(schema)}
${appendOneWithRowFunction(schema)}`;
}
