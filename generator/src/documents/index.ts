// What documents of every kind share: how they are printed, what files say of them, and base documents that users give.
export { mergeDeep, readBase } from "./base.js";
export { defaultInfo, joinDocumentOptions } from "./info.js";
export { type DocumentFormat, printDocument } from "./print-document.js";
export { reportSchemas } from "./report-schemas.js";
