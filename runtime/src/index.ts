// What a service is put together from: the names that users type by hand.
export type { DecideContext, DeciderPart, SnapshotCodec } from "./aggregate/index.js";
export { type App, type AppOptions, createApp, type Part } from "./app/index.js";
export {
  type Around,
  type Call,
  type CallContext,
  type CallOptions,
  type CallResult,
  type Clock,
  type CommandContext,
  type ExpectedVersion,
  forMethod,
  type HandlersPart,
  type Logger,
  type Middleware,
  type Page,
  type PageRequest,
  type QueryContext,
  type View,
  withEventId,
} from "./cqrs/index.js";
export { type Code, isPotterError, PotterError, type PotterErrorOptions, type Violation } from "./errors/index.js";
export {
  type AppendRequest,
  type AppendResult,
  type Checkpoint,
  type CommandRecord,
  type ConnectionFigures,
  type EventSlice,
  type EventStore,
  type EventToAppend,
  type InlineApply,
  type MigrationStatus,
  memory,
  type RecordedEvent,
  type ReplicaFigures,
  type RowCondition,
  type RowScan,
  type RowStore,
  type RowTable,
  type RowTransaction,
  type RowValue,
  type Snapshot,
  type Store,
  type StoreHealth,
  type StoreMigrations,
  type StoreSize,
  type StreamId,
  type SubjectId,
  type SubjectKey,
  type SubjectKeys,
  type TableSize,
  type WrappedKey,
} from "./event-store/index.js";
export type { BodyFormat } from "./http/index.js";
export { isErased } from "./message/index.js";
export {
  type Aes,
  type AesKey,
  type KeyWrap,
  type MasterKeyBytes,
  type MasterKeyOptions,
  masterKey,
  type PersonalDataOptions,
} from "./personal/index.js";
export type {
  EventMeta,
  ProjectionBuild,
  ProjectionPart,
  ProjectionStatus,
  ProjectionTarget,
  Rows,
  TargetScope,
} from "./projection/index.js";
export { type CorsOptions, type RestOptions, rest } from "./transport/rest/index.js";
