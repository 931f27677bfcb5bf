// Fast ProtoJSON readers and writers that are compiled from descriptors. Input that they do not handle is left to protobuf-es.
export { compileReader, type Reader } from "./compile-reader.js";
export { compileWriter, type Writer } from "./compile-writer.js";
export { ExactNumber, findStringEnd, parseExactJson } from "./exact-number.js";
export { type Fallback, fallback } from "./fallback.js";
export { toStrictJson } from "./strict.js";
