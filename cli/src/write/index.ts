// Generated files on disk: what a run would change, and the change, after which each file is whole. Knows no plugin.
export { applyPlan } from "./apply-plan.js";
export { FileDigests } from "./file-digests.js";
export { manifestName } from "./manifest.js";
export { type FolderPlan, listForeign, planFolder } from "./plan-folder.js";
export { findRunning, type RunningWriter, withRunLock } from "./run-lock.js";
