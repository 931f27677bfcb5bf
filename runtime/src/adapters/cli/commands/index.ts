import type { Command } from "../command.js";
import { dbMigrate, dbStatus } from "./db.js";
import { eventsExport } from "./events-export.js";
import { eventsImport } from "./events-import.js";
import { eventsInspect } from "./events-inspect.js";
import { eventsRebuild } from "./events-rebuild.js";
import { eventsReplay } from "./events-replay.js";
import { eventsTail } from "./events-tail.js";
import {
  projectionsDeadLetters,
  projectionsDiscard,
  projectionsList,
  projectionsPause,
  projectionsResume,
  projectionsRetry,
} from "./projections.js";
import { streamsList } from "./streams-list.js";
import { subjectsForget } from "./subjects-forget.js";

/** All commands, in the order in which the help names them. */
export const commands: readonly Command[] = [
  eventsTail,
  eventsInspect,
  eventsExport,
  eventsImport,
  eventsReplay,
  eventsRebuild,
  streamsList,
  projectionsList,
  projectionsPause,
  projectionsResume,
  projectionsDeadLetters,
  projectionsRetry,
  projectionsDiscard,
  subjectsForget,
  dbStatus,
  dbMigrate,
];
