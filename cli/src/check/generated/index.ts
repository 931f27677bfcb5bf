// Generated files compared with what the contract generates now.
export { findStaleFiles } from "./stale-files.js";
