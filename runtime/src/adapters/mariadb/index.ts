// MariaDB as a participant in two-phase commit, by the driver `mysql2`.
export { type MariadbParticipantOptions, mariadbParticipant } from "./mariadb-participant.js";
