// The options of Go Potter (`potter/options.proto`) read as those of potter.v1: found, translated, reported, replaced in descriptors. The
// model and the rules see only potter.v1, so nothing else may know these options.
export { findLegacyOptions, type LegacyContract, type LegacyFile } from "./contract.js";
export { type Difference, findDifferences } from "./difference.js";
export { printFields } from "./print-option.js";
export { replaceLegacyOptions } from "./replace.js";
export { findReplacements, type Replacement, type Target } from "./replacement.js";
export { printInstead, printLost } from "./report.js";
export type { KeptField, LostField, MovedField, Translation } from "./translation.js";
export { definesLegacy, type LegacyDesc, type LegacyName, type LegacyUse, legacyOptions } from "./uses.js";
