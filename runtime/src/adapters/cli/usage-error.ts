/** The command line is invalid: exit code 2. All other errors lead to exit code 1. */
export class UsageError extends Error {}

/** Ctrl-C was pressed, or the reader of a pipe has exited. The message contains the progress of the command, if that matters. */
export class Interrupted extends Error {}
