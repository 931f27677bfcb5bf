// Concurrent work of several callers, carried out by one call. Knows no SQL.
export { GroupCommit, type GroupCommitOptions, type Settled, settle } from "./group-commit.js";
