// Read models: projections that keep them up to date, views that read them. Knows stores by their ports only.
export { createInlineProjector } from "./apply/index.js";
export {
  type EventMeta,
  type ExternalBatch,
  type ExternalChange,
  type ExternalEmitter,
  type ExternalProjection,
  type ExternalTarget,
  type InlineProjectionSettings,
  type Projection,
  type ProjectionDeclaration,
  type ProjectionEvent,
  type ProjectionHandlers,
  type ProjectionPart,
  type ProjectionSettings,
  type ProjectionTarget,
  Projector,
  type ReadModel,
  type RowWriter,
  type TargetScope,
} from "./declaration/index.js";
export {
  defaultWait,
  type ProjectionControl,
  ProjectionRunner,
  type ProjectionStatus,
  type ProjectionWorkerOptions,
  RunnerControl,
  type ShardStatus,
  type Stall,
} from "./runner/index.js";
export {
  ChangeHub,
  type Changes,
  RowView,
  RowWatchers,
  sourceOf,
  sourcesOf,
  type ViewSource,
  type ViewSources,
} from "./views/index.js";
