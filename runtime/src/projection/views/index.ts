// Reads rows for queries: views, and watchers of single rows, which share one reader per row. Writes no rows.
export { ChangeHub, type Changes } from "./change-hub.js";
export { RowView } from "./row-view.js";
export { RowWatchers } from "./row-watchers.js";
export { sourceOf, sourcesOf, type ViewSource, type ViewSources } from "./view-source.js";
