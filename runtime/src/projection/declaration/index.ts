// What users declare: projections and their targets, and the Projector that resolves one declaration for the runtime.
// Reads no events and runs nothing.
export { type EventConsumer, toConsumer } from "./event-consumer.js";
export { type EventMeta, toMeta } from "./event-meta.js";
export {
  type ExternalBatch,
  type ExternalChange,
  type ExternalEmitter,
  type ExternalTarget,
  isExternal,
  type PartialWrite,
  type RefusedChange,
} from "./external-target.js";
export type {
  ExternalProjection,
  InlineProjectionSettings,
  Projection,
  ProjectionDeclaration,
  ProjectionEvent,
  ProjectionHandlers,
  ProjectionPart,
  ProjectionSettings,
  ReadModel,
  RowWriter,
} from "./projection.js";
export { defaultEventKey, Projector, type ReadEvent } from "./projector.js";
export { RowsTarget } from "./rows-target.js";
export type { ProjectionTarget, TargetScope } from "./target.js";
export type { ReadAhead } from "./transaction-rows.js";
