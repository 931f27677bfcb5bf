// The naming and types of each message library. Knows descriptors and the printer, but no model.
export { pruneDescriptors } from "./descriptor-set.js";
export { esLibrary } from "./es.js";
export { esNames } from "./es-names.js";
export { printAccess, printText } from "./field-access.js";
export { descriptorsPath, type MessageLibrary } from "./message-library.js";
export { runtime } from "./runtime.js";
export { tsProtoLibrary } from "./ts-proto.js";
