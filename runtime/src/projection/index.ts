// Read models: projections that keep them, views that read them. Knows stores by their ports only.
export { ChangeHub } from "./change-hub.js";
export type { EventMeta } from "./event-meta.js";
export { createInlineProjector } from "./inline.js";
export { type Changes, Projector } from "./projector.js";
export { ProjectionRunner, type ProjectionStatus, type RunnerOptions } from "./runner.js";
export type { ProjectionBuild, ProjectionTarget, TargetScope } from "./target.js";
export type { Projection, ProjectionPart, ReadModel, Rows } from "./types.js";
export { RowView } from "./view.js";
export { sourceOf, sourcesOf, type ViewSource, type ViewSources } from "./view-source.js";
