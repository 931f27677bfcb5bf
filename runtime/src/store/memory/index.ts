// The store in memory. It defines what the other stores must do; it must not know them.
export { type MemoryOptions, memory } from "./memory.js";
