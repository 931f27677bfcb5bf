// The options of Go Potter (`potter/options.proto`) read as those of potter.v1: found, translated, reported, replaced in descriptors. The
// model and the rules see only potter.v1, so nothing else may know these options.
export { findLegacyOptions, type LegacyContract, type LegacyFile, type LegacyOption } from "./contract.js";
export type { ContractDifference } from "./difference.js";
export { replaceLegacyOptions } from "./replace.js";
