// How each message library names and shapes things. Knows descriptors and printer, no model.
export { pruneDescriptors } from "./descriptor-set.js";
export { esLibrary } from "./es.js";
export { descriptorsPath, type MessageLibrary } from "./message-library.js";
export { runtime } from "./runtime.js";
export { tsProtoLibrary } from "./ts-proto.js";
