// Text for users' files: where it goes, and in which style. Returns insertions, changes nothing.
export { type FormatConfig, readFormatConfig } from "./format-config.js";
export { type Insertion, insertAll, removeAll } from "./insertion.js";
export { printFile, printProperty } from "./print.js";
export { renderProperties } from "./render.js";
export { detectStyle, type Style } from "./style.js";
