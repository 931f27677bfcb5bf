import type { Command } from "../command.js";
import { dbMigrate, dbStatus } from "./db.js";
import { eventsExport } from "./events-export.js";
import { eventsImport } from "./events-import.js";
import { eventsInspect } from "./events-inspect.js";
import { eventsTail } from "./events-tail.js";
import { streamsList } from "./streams-list.js";

/** All commands, in the order in which the help names them. */
export const commands: readonly Command[] = [
  eventsTail,
  eventsInspect,
  eventsExport,
  eventsImport,
  streamsList,
  dbStatus,
  dbMigrate,
];
