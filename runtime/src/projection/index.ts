// Read models: projections that keep them, views that read them. Knows stores by their ports only.
export { ChangeHub } from "./change-hub.js";
export { createInlineProjector } from "./inline.js";
export { type Changes, Projector } from "./projector.js";
export { ProjectionRunner, type ProjectionStatus, type RunnerOptions } from "./runner.js";
export type { EventMeta, Projection, ProjectionPart, ReadModel, Rows } from "./types.js";
export { RowView } from "./view.js";
export type { ViewSource } from "./view-source.js";
