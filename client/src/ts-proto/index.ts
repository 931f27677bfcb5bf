// Codecs of messages of ts-proto, for clients that are generated with `messages=ts-proto`.
export { type PartialMessage, type TsProtoMessage, tsProto } from "./ts-proto.js";
