// What OpenAPI and AsyncAPI documents share: printing, info, base documents, diagnostics about schemas. Knows no
// target.
export { mergeDeep, readBase } from "./base.js";
export { defaultInfo, joinDocumentOptions } from "./info.js";
export { type DocumentFormat, printDocument } from "./print-document.js";
export { reportSchemas } from "./report-schemas.js";
