// Contracts compiled by buf: the folder as it is, and a revision of git, an image or another folder. Runs processes.
export { compileBase, compileHead, isLock } from "./base.js";
export type { Compiled } from "./compiled.js";
export { Git } from "./git.js";
export { toRequest } from "./image.js";
export { buildLockedImage } from "./lock.js";
export type { BufConfig, FindSource, SourceText } from "./sources.js";
export { findWorkspace } from "./workspace.js";
