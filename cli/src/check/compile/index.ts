// Contracts compiled by buf: the folder as it is, and a revision of git, an image or another folder. Runs processes.
export { type Compiled, compileBase, compileHead } from "./base.js";
export { Git } from "./git.js";
export { toRequest } from "./image.js";
export { type BufConfig, type FindSource, readBufConfig, type SourceText } from "./sources.js";
