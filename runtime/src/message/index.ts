// Codecs over the user's message library, event definitions, field marks and ids. Depends on errors only.

export { encodeWithout, fingerprintOf } from "./canonical.js";
export type { AnyCodec, MessageCodec, MessageTypes } from "./codec.js";
export { type Descriptors, descriptors } from "./descriptors.js";
export type { Engine } from "./engine.js";
export { isErased, markErased } from "./erased.js";
export { type Es, es } from "./es.js";
export type { EventDefinition } from "./event.js";
export { type FieldMarks, readFieldMarks } from "./field-marks.js";
export { findBelow } from "./find-below.js";
export { fingerprint } from "./hash.js";
export { newId } from "./id.js";
export { type FieldPaths, mergeFields } from "./merge-fields.js";
export { nameId } from "./name-id.js";
export { holdsPersonal, withoutPersonal } from "./personal.js";
export { ExactNumber, findStringEnd, parseExactJson } from "./proto-json/index.js";
export { type TsProto, type TsProtoFunctions, tsProto } from "./ts-proto.js";
