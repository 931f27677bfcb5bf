// The public API for application code: creates and calls an app. Ports for adapters and generated code have subpaths.
export type { DecideContext, DeciderPart, SnapshotCodec } from "./aggregate/index.js";
export {
  type App,
  type AppOptions,
  type Client,
  type ClientApp,
  createApp,
  createClient,
  type DecodedEvent,
  type Part,
  type ReadModelReference,
  type SendOptions,
  type Unimplemented,
} from "./app/index.js";
export {
  type Call,
  type CallContext,
  type Caller,
  type CallOptions,
  type CallResult,
  type Clock,
  type CommandContext,
  type ExpectedVersion,
  forMethod,
  type HandlersPart,
  type Interceptor,
  type Logger,
  type Middleware,
  type Page,
  type PageRequest,
  type QueryContext,
  type View,
  withStreamItemId,
} from "./cqrs/index.js";
export { type Code, isPotterError, PotterError, type PotterErrorOptions, type Violation } from "./errors/index.js";
export type {
  BodyFormat,
  CallerRequest,
  CorsOptions,
  FindCaller,
  HttpOptions,
  HttpRequest,
  Origins,
} from "./http/index.js";
export { type FieldPaths, isErased, mergeFields } from "./message/index.js";
export type { BlockedStream, Delivery, OutboxOptions, OutboxStatus, Publish } from "./outbox/index.js";
export type { PageTokenCodec, PageTokenOptions, PageTokens } from "./paging/index.js";
export {
  type AesKey,
  type AesProvider,
  type KeyWrapper,
  type MasterKeyBytes,
  type MasterKeyOptions,
  masterKey,
  type PersonalDataOptions,
} from "./personal/index.js";
export type {
  EventMeta,
  ExternalBatch,
  ExternalChange,
  ExternalEmitter,
  ExternalTarget,
  ProjectionControl,
  ProjectionPart,
  ProjectionStatus,
  ProjectionTarget,
  ProjectionWorkerOptions,
  RowWriter,
  ShardStatus,
  Stall,
  TargetScope,
} from "./projection/index.js";
export { describeEvent } from "./schemas/index.js";
export { type MemoryOptions, memory } from "./store/memory/index.js";
export type {
  AppendContext,
  AppendRefusal,
  AppendRequest,
  AppendResult,
  AppendToStreamsRequest,
  AppendToStreamsResult,
  DeadLetter,
  DeadLetterQuery,
  EventFilter,
  EventSlice,
  EventStore,
  EventToAppend,
  MigrationStatus,
  OutboxMessage,
  RecordedEvent,
  Store,
  StoredEvent,
  StoreHealth,
  StreamAppend,
  StreamId,
  StreamInfo,
  StreamRange,
  UniqueValueChange,
} from "./store/ports/index.js";
export { type SubscribeOptions, type SubscriptionRetry, subscribe } from "./store/subscriptions/index.js";
export { type RestOptions, rest } from "./transport/rest/index.js";
