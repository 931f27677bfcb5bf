// The store in a PostgreSQL server, by the driver `pg`. Only what concerns the driver: tables and SQL are in `sql/`.
export type { PostgresOptions, PostgresTls } from "./connections/index.js";
export { postgres } from "./postgres.js";
export {
  type PostgresLogOptions,
  type PostgresParticipantOptions,
  postgresCoordinatorLog,
  postgresParticipant,
} from "./two-phase-commit/index.js";
