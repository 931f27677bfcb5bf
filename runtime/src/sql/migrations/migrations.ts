import type { Schema } from "../driver/index.js";
import { dueRows } from "./due-rows.js";
import { appendOneWithRowFunction } from "./functions/append-one-with-row.js";
import { appendSequenceFunction } from "./functions/append-sequence.js";
import { appendUnitsFunction, appendWithRowsFunction } from "./functions/append-with-rows.js";
import { renameObjects } from "./rename-objects.js";
import { commandReservations } from "./tables/command-reservations.js";
import { commandsTables } from "./tables/commands.js";
import { eventSchemasTables } from "./tables/event-schemas.js";
import { eventsTables } from "./tables/events.js";
import { outboxTables } from "./tables/outbox.js";
import { projectionsTables } from "./tables/projections.js";
import { rowsTables } from "./tables/rows.js";
import { snapshotsTables } from "./tables/snapshots.js";
import { statesTables } from "./tables/states.js";
import { subjectKeysTables } from "./tables/subject-keys.js";
import { versionInEvents } from "./version-in-events.js";

/** One migration of the schema. */
export interface Migration {
  /**
   * Statements that run in one transaction. Writers continue meanwhile: no statement may take long, and tables are
   * locked in the order of appends (commands, streams, events).
   */
  readonly script: (schema: Schema) => string;
  /** Schema version of the oldest release that still works after this migration. Default: the version before. */
  readonly oldest?: number;
}

/**
 * All migrations, oldest first. A released migration never changes; a later one alters its result. A function whose
 * parameters change gets another name, since processes of the release before still call the old one.
 */
export const migrations: readonly Migration[] = [
  { script: firstTables },
  { script: commandReservations },
  { script: appendSequenceFunction },
  // An older release does not know the new names.
  { script: renameObjects, oldest: 4 },
  { script: (schema) => `${appendWithRowsFunction(schema)}\n${appendOneWithRowFunction(schema)}` },
  // Appends of an older release would write the table of streams.
  { script: versionInEvents, oldest: 6 },
  { script: dueRows, oldest: 6 },
  { script: appendUnitsFunction, oldest: 6 },
];

/**
 * Text is compared by its bytes (`COLLATE "C"`): the order is the same for every server and locale, and the comparison
 * is the fastest.
 */
function firstTables(schema: Schema): string {
  const parts = [
    commandsTables,
    eventsTables,
    snapshotsTables,
    projectionsTables,
    rowsTables,
    subjectKeysTables,
    eventSchemasTables,
    outboxTables,
    statesTables,
  ];
  return parts.map((part) => part(schema)).join("\n");
}
