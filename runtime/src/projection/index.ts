// Read models: projections that keep them, views that read them. Knows stores by their ports only.
export { ChangeHub, type Changes } from "./change-hub.js";
export { defaultWait, HostedControl, type ProjectionControl } from "./control.js";
export type { EventMeta } from "./event-meta.js";
export type { ExternalBatch, ExternalChange, ExternalEmitter, ExternalTarget } from "./foreign-target.js";
export { createInlineProjector } from "./inline.js";
export type { Stall } from "./log-watch.js";
export { ProjectionHost, type ProjectionWorkerOptions } from "./projection-host.js";
export { Projector } from "./projector.js";
export type { ProjectionStatus, ShardStatus } from "./status.js";
export { StopSignal } from "./stop-signal.js";
export type { ProjectionTarget, TargetScope } from "./target.js";
export type {
  ExternalProjection,
  Projection,
  ProjectionPart,
  ProjectionSettings,
  ReadModel,
  RowWriter,
} from "./types.js";
export { RowView } from "./view.js";
export { sourceOf, sourcesOf, type ViewSource, type ViewSources } from "./view-source.js";
