/** The command was not typed as it should be: exit code 2. Everything else that fails has exit code 1. */
export class UsageError extends Error {}

/** Somebody pressed Ctrl-C, or the reader of a pipe has gone. The message says what was done, if that is worth knowing. */
export class Interrupted extends Error {}
