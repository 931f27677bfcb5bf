// The store in an embedded PostgreSQL (PGlite). Only what concerns the driver: tables and SQL are in `sql/`.
export type { PgliteDatabase, PgliteQuery, PgliteResult, PgliteSession } from "./database.js";
export { type PgliteOptions, pglite } from "./pglite.js";
