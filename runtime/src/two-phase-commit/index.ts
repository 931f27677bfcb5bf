// Two-phase commit over several databases: the coordinator, and the ports of participants and of its log. No driver, no
// node: import; participants of databases are in adapters.
export { type Coordinator, createCoordinator } from "./coordinator.js";
export type { BranchMarks, CoordinatorLog, LogEntry, TransactionState } from "./coordinator-log.js";
export { memoryCoordinatorLog } from "./memory-log.js";
export type { CoordinatorOptions } from "./options.js";
export type { Participant } from "./participant.js";
export type { Phase, PhaseEvent } from "./phases.js";
export type { RecoveryReport } from "./recovery.js";
export type { TwoPhaseTransaction } from "./transaction.js";
