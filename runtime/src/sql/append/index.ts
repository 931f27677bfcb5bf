// Appends of events, and the commands recorded with them. Groups concurrent calls.
export { isRepeatable, toSqlAppend } from "./append-values.js";
export type { EarlyAppend } from "./early-append.js";
export { SqlAppender } from "./sql-appender.js";
export { SqlCommands } from "./sql-commands.js";
export { SqlSequenceAppender } from "./sql-sequence-appender.js";
