import type { Schema } from "../driver/index.js";
import { appendSequenceFunction } from "./functions/append-sequence.js";
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

/** One step of the schema. */
export interface Migration {
  /** Statements that run in one transaction. Writers go on meanwhile: none may take long, and tables go in the order of the append (commands, streams, events). */
  readonly script: (schema: Schema) => string;
  /** The oldest release, by the last step that it knows, that still works after this one. Default: the step before. */
  readonly oldest?: number;
}

/**
 * The steps by which the schema came to be, oldest first. A released step never changes: what it made is changed by
 * a later one. A function whose arguments change gets another name, since processes of the release before still
 * call the old one while the new one migrates.
 */
export const migrations: readonly Migration[] = [
  { script: firstTables },
  { script: commandReservations },
  { script: appendSequenceFunction },
  // An older release does not know the new names.
  { script: renameObjects, oldest: 4 },
];

/**
 * Text goes by its bytes (`COLLATE "C"`): the order is the same on every server and under every locale, and it is
 * the quickest to compare. The order of the parts matters: the functions of one name tables of those before it.
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
