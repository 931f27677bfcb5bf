import type { Codec } from "../contract/index.js";

/** What ts-proto generates for a message. */
export interface TsProtoMessage<Message, Init = Message> {
  /** Encodes a message. */
  encode(message: Message): { finish(): Uint8Array };
  /** Decodes a message. */
  decode(bytes: Uint8Array): Message;
  /** Converts a message to ProtoJSON. */
  toJSON(message: Message): unknown;
  /** Converts ProtoJSON to a message. */
  fromJSON(json: unknown): Message;
  /** Creates a message from the fields that are given. */
  fromPartial(init: Init): Message;
}

/** What `fromPartial` of ts-proto accepts: a message of which fields may be absent, also those of messages within it. */
export type PartialMessage<T> = T extends Uint8Array | Date | ((...parameters: never) => unknown)
  ? T
  : T extends readonly (infer Item)[]
    ? readonly PartialMessage<Item>[]
    : T extends { readonly $case: string }
      ? { readonly [Name in keyof T]: Name extends "$case" ? T[Name] : PartialMessage<T[Name]> }
      : T extends object
        ? { readonly [Name in keyof T]?: PartialMessage<T[Name]> | undefined }
        : T;

/** The codec of a message of ts-proto. `typeName`: its full name. */
export function tsProto<Message, Init = Message>(
  typeName: string,
  type: TsProtoMessage<Message, Init>,
): Codec<Message, Init> {
  return {
    typeName,
    encode: (message) => type.encode(type.fromPartial(message)).finish(),
    decode: (bytes) => type.decode(bytes),
    toJson: (message) => type.toJSON(type.fromPartial(message)),
    fromJson: (json) => type.fromJSON(json),
  };
}
