// Tests of services: specifications of deciders and sagas, clocks, a check of snapshots. No conformance suites.
export { ExpectationError } from "./expectations/index.js";
export { fixedClock } from "./fixed-clock.js";
export type { ErrorInit, ExpectedFailure, Outcome } from "./outcome.js";
export {
  type SagaCommandNames,
  type SagaCompensationNames,
  type SagaCompensationOf,
  type SagaDataOf,
  type SagaEventOf,
  type SagaMessageInit,
  type SagaRequestOf,
  type SagaResponseOf,
  type SagaSpecification,
  type SagaStart,
  type SagaStepName,
  type SagaStepNames,
  type SpecifySagaOptions,
  specifySaga,
} from "./sagas/index.js";
export { type CommandInit, type Specification, type SpecifyOptions, specify } from "./specify.js";
export {
  type GivenEvent,
  type GivenMeta,
  type ReactionOutcome,
  type ReactionSpecification,
  type SentCommand,
  sent,
  specifyReaction,
} from "./specify-reaction.js";
export { type SnapshotMismatch, type SnapshotReport, verifySnapshots } from "./verify-snapshots.js";
export { type VirtualClock, virtualClock } from "./virtual-clock.js";
