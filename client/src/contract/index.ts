// Methods, messages and what can be awaited, as data: what generated code says about a contract.
export { type EventType, eventType, type ReadModel, readModel } from "./awaited.js";
export type { AnyCodec, Codec } from "./codec.js";
export type { ErrorTypes, HttpRule, MethodInfo, MethodOptions, Pages, Repeat, StreamKind } from "./method.js";
