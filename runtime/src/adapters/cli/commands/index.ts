// One command a file, or a few that share code. A command reads options, calls the app or the store, and prints.
import type { Command } from "../command.js";
import { dbMigrate, dbStatus } from "./db.js";
import { eventsExport } from "./events-export.js";
import { eventsImport } from "./events-import.js";
import { eventsInspect } from "./events-inspect.js";
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
import { projectionsRebuild } from "./projections-rebuild.js";
import { sagaCancel, sagaPause, sagaResume, sagaRetry, sagaSkip } from "./saga-control.js";
import { sagaList, sagaShow } from "./saga-show.js";
import { sagaVerify } from "./saga-verify.js";
import { scheduleCancel, scheduleList, scheduleRecurring, scheduleRetry } from "./schedule.js";
import { streamsList } from "./streams-list.js";
import { subjectsErase } from "./subjects-erase.js";

/** All commands, in the order of the help. */
export const commands: readonly Command[] = [
  eventsTail,
  eventsInspect,
  eventsExport,
  eventsImport,
  eventsReplay,
  streamsList,
  projectionsList,
  projectionsPause,
  projectionsResume,
  projectionsRebuild,
  projectionsDeadLetters,
  projectionsRetry,
  projectionsDiscard,
  sagaList,
  sagaShow,
  sagaPause,
  sagaResume,
  sagaRetry,
  sagaSkip,
  sagaCancel,
  sagaVerify,
  scheduleList,
  scheduleRecurring,
  scheduleRetry,
  scheduleCancel,
  subjectsErase,
  dbStatus,
  dbMigrate,
];
