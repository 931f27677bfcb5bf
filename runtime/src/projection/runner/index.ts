// Runs the projections of one process: leases, shards, builds and their promotion, status and control. Applies no event itself.
export { defaultWait, type ProjectionControl, RunnerControl } from "./control.js";
export type { Stall } from "./log-watcher.js";
export { ProjectionRunner, type ProjectionWorkerOptions } from "./projection-runner.js";
export type { ProjectionStatus, ShardStatus } from "./status.js";
