// The commands of `potter` that operate on a service: events, streams, projections, subjects, database.
// The command line is parsed without a framework, so that no production installation carries one.
export { type CommandGroup, commandGroups } from "./groups.js";
export { runCli } from "./load.js";
export type { Terminal } from "./terminal/index.js";
