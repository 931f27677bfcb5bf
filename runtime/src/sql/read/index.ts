// Reads of streams and of the global log, up to the high-water mark.
export { readOpenAppends } from "./open-appends.js";
export { SqlReader } from "./sql-reader.js";
