// Two-phase commit with PostgreSQL: databases as participants, and the log of a coordinator.
export { type PostgresLogOptions, postgresCoordinatorLog } from "./postgres-coordinator-log.js";
export { type PostgresParticipantOptions, postgresParticipant } from "./postgres-participant.js";
