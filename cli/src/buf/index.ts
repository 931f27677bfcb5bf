// buf as a process: finds the program of the project, and runs it.
export { pathOf } from "./bin-path.js";
export { type Buf, findBuf } from "./find-buf.js";
export { BufNotStarted, type Ended, runBuf } from "./run-buf.js";
