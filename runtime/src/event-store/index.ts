// The port of event stores and of the rows kept beside them, what their adapters share, and the store in memory. No driver.
export { AppendSignal } from "./append-signal.js";
export { Bell } from "./bell.js";
export { bucketCount, bucketOf } from "./bucket.js";
export {
  checkAppend,
  checkAppendSequence,
  checkAppendToStreams,
  checkCommand,
  checkCommandId,
  checkEventSize,
  checkImported,
  checkReservation,
  checkSnapshot,
  checkStateVersion,
  checkStream,
  checkTenant,
} from "./check-append.js";
export { checkDeadLetterQuery, checkLease, checkLimit, checkRegistration, checkShard } from "./check-projection.js";
export { checkLoad, checkRange, checkSlice, checkStreamQuery } from "./check-read.js";
export { checkStateWrite } from "./check-state.js";
export {
  checkInteger,
  checkSize,
  checkText,
  defaultMaxEventSize,
  maxRecordBytes,
  maxTextBytes,
  toMaxEventSize,
} from "./checks.js";
export type { CommandRecord, CommandReservation, RecordedCommand, ReservationResult } from "./command-record.js";
export type { DeadLetter, DeadLetterChange, DeadLetterQuery } from "./dead-letter.js";
export { toPredicate } from "./event-filter.js";
export type { EventSchema, EventSchemaStore } from "./event-schemas.js";
export type {
  AppendContext,
  AppendedSequence,
  AppendRefusal,
  AppendRequest,
  AppendResult,
  AppendSequenceRequest,
  AppendToStreamsRequest,
  AppendToStreamsResult,
  ApplyInline,
  EventFilter,
  EventSlice,
  EventStore,
  EventToAppend,
  LastEvent,
  LoadedStream,
  RecordedEvent,
  SequencePart,
  Snapshot,
  StoredEvent,
  StoredSnapshot,
  StreamAppend,
  StreamId,
  StreamInfo,
  StreamQuery,
  StreamRange,
  UniqueValueChange,
} from "./event-store.js";
export { EventTail } from "./event-tail.js";
export { type MemoryOptions, memory } from "./memory.js";
export { describeOpenAppend, findLongAppends, type OpenAppend } from "./open-append.js";
export type { Outbox, OutboxBacklog, OutboxMessage } from "./outbox.js";
export type { Followed } from "./past-events.js";
export { planImport, streamKey } from "./plan-import.js";
export type {
  ApplyCheckpoint,
  CheckpointCommit,
  Lease,
  ProjectionBuildId,
  ProjectionBuildState,
  ProjectionRegistration,
  ProjectionStore,
  ShardRecord,
  WorkerRecord,
} from "./projection-store.js";
export { type EncodedRow, type ReadRows, RowBuffer, type RowChange, tableId } from "./row-buffer.js";
export { type RowFields, readFields, readProperty } from "./row-fields.js";
export { toOperands } from "./row-match.js";
export type {
  RowCondition,
  RowKey,
  RowReader,
  RowScan,
  RowTable,
  RowTransaction,
  RowValue,
} from "./rows.js";
export { soon } from "./soon.js";
export type { EncodedState, StateStore, StateWrite, StateWriteResult, StoredState } from "./states.js";
export type { Store } from "./store.js";
export type { ConnectionStats, ReplicaStats, StoreHealth } from "./store-health.js";
export type { MigrationStatus, StoreMigrations } from "./store-migrations.js";
export type { StoreSize, TableSize } from "./store-size.js";
export {
  checkSubject,
  type SubjectId,
  type SubjectKey,
  type SubjectKeyStore,
  type WrappedKey,
} from "./subject-keys.js";
export { type SubscribeOptions, type SubscriptionRetry, storeAway, subscribe } from "./subscribe.js";
export { isRequestBound, openWait, type Wait } from "./wait.js";
