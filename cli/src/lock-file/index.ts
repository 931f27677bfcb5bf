// The text of potter.lock: names of the GraphQL schema, which the generator reads and prints, and the contract, one line for each
// element. Reads and writes no file.
export { isIncomplete, lockedImage, missingImports } from "./locked-image.js";
export { findLockLine, type LockEntries, parseLockFile, printLockFile } from "./parse.js";
export { factsOf, recordContract } from "./record.js";
export { summarizeLock } from "./summary.js";
