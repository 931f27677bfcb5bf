// Methods and messages as data: what generated code says about a contract. No behaviour.
export type { AnyCodec, Codec } from "./codec.js";
export type { ErrorTypes, HttpRule, MethodInfo, MethodOptions, Pages, Repeat, StreamKind } from "./method.js";
