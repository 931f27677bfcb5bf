/** The command line is invalid: exit code 2. All other errors lead to exit code 1. */
export class UsageError extends Error {}

/** Ctrl-C was pressed, or the reader of a pipe has exited. The message says how far the command came, if that matters. */
export class Interrupted extends Error {}
