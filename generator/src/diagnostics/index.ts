// Errors and warnings about a contract: the catalogue of codes, the collector, the formats. Contains no rule.
export { type ArgsOf, type Code, catalogue } from "./catalogue.js";
export { Diagnostics, type ElementRef, locate, locateBody } from "./collector.js";
export type { Diagnostic, Location } from "./diagnostic.js";
export type { DiagnosticEntry } from "./entry.js";
export { type Excerpt, findExcerpt, printExcerpt } from "./excerpt.js";
export { formatGithub, formatJson, formatPretty, type ReadText } from "./format.js";
export { suggest } from "./suggest.js";
