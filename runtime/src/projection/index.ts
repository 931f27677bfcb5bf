// Read models: projections that keep them, views that read them.
export type { EventMeta, Projection, ProjectionPart, ReadModel, Rows } from "./types.js";
