// The ports of a store, as types: what an adapter implements and the rest of the runtime calls. No implementation, no checks.
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
  SequencePart,
  StreamAppend,
  UniqueValueChange,
} from "./append.js";
export type { CommandRecord, CommandReservation, RecordedCommand, ReservationResult } from "./command-record.js";
export type { DeadLetter, DeadLetterChange, DeadLetterQuery } from "./dead-letter.js";
export type { EventToAppend, RecordedEvent, StoredEvent, StreamId } from "./event.js";
export type { EventSchema, EventSchemaStore } from "./event-schema-store.js";
export type {
  EventFilter,
  EventSlice,
  EventStore,
  LastEvent,
  LoadedStream,
  Snapshot,
  StoredSnapshot,
  StreamInfo,
  StreamQuery,
  StreamRange,
} from "./event-store.js";
export { describeOpenAppend, findLongAppends, type OpenAppend } from "./open-append.js";
export type { Outbox, OutboxBacklog, OutboxMessage } from "./outbox.js";
export type {
  ApplyCheckpoint,
  CheckpointCommit,
  CheckpointMove,
  Lease,
  ProjectionBuildId,
  ProjectionBuildState,
  ProjectionHeartbeat,
  ProjectionRegistration,
  ProjectionStore,
  ShardRecord,
  WorkerRecord,
} from "./projection-store.js";
export type { AppendingTransaction, DueRow, DueRows, RowStore } from "./row-store.js";
export type {
  RowCondition,
  RowKey,
  RowReader,
  RowScan,
  RowsInMemory,
  RowTable,
  RowTransaction,
  RowValue,
} from "./rows.js";
export type { EncodedState, StateStore, StateWrite, StateWriteResult, StoredState } from "./state-store.js";
export type { DatabaseStore, Store } from "./store.js";
export type { ConnectionStats, ReplicaStats, StoreHealth } from "./store-health.js";
export type { MigrationStatus, StoreMigrations } from "./store-migrations.js";
export type { StoreSize, TableSize } from "./store-size.js";
export type { NewSubjectKey, SubjectId, SubjectKey, SubjectKeyStore, WrappedKey } from "./subject-key-store.js";
