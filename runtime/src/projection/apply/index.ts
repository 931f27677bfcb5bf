// Applies events to a target within one transaction, commits the checkpoint, and keeps dead letters. Which process works
// on what is decided by the runner.
export { Batch, type BatchOutcome, type Failure, noRows, PoisonedTransaction } from "./batch.js";
export { type Applied, Checkpoint, type CheckpointDependencies, type CommitListener } from "./checkpoint.js";
export { DeadLetterQueue, dueInterval } from "./dead-letter-queue.js";
export { EventBatches } from "./event-batches.js";
export { createInlineProjector } from "./inline-projector.js";
export { none, withoutRefused } from "./partial-write.js";
