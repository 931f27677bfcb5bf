import type { Command } from "../command.js";
import { dbMigrate, dbStatus } from "./db.js";

/** All commands, in the order in which the help names them. */
export const commands: readonly Command[] = [dbStatus, dbMigrate];
