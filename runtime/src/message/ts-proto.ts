import type { DescMessage } from "@bufbuild/protobuf";
import type { MessageCodec } from "./codec.js";

/** The types of a message of ts-proto. */
export interface TsProto<T> {
  readonly message: T;
  readonly init: Partial<T>;
}

/** What ts-proto generates for each message, as far as the runtime uses it. */
export interface TsProtoFunctions<T> {
  encode(message: T): { finish(): Uint8Array };
  decode(bytes: Uint8Array): T;
  fromPartial(init: Partial<T>): T;
}

/** The codec of a message of ts-proto. ProtoJSON goes by way of the descriptor, since ts-proto's own reader does not check. */
export declare function tsProto<T>(functions: TsProtoFunctions<T>, schema: DescMessage): MessageCodec<TsProto<T>>;
