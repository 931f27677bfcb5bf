// What participants of two-phase commit, and logs of its coordinators, must do.
export { type CoordinatorLogUnderTest, coordinatorLogConformance } from "./coordinator-log-conformance.js";
export { type ParticipantUnderTest, participantConformance } from "./participant-conformance.js";
