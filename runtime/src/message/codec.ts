import type { DescMessage, JsonValue } from "@bufbuild/protobuf";

/** The types of one message: the message itself, and what one can be made from. Exists only for the compiler. */
export interface MessageTypes {
  readonly message: unknown;
  readonly init: unknown;
}

/**
 * How messages of one type are made, written and read: all that the runtime knows of the message
 * library that the user chose.
 */
export interface MessageCodec<M extends MessageTypes = MessageTypes> {
  /** Full proto name, without a leading dot. */
  readonly typeName: string;
  /** The descriptor: for validation, and to bind HTTP paths and query strings to fields. */
  readonly schema: DescMessage;
  /** Makes a message. A message that is given is returned as it is. */
  create(init?: M["init"] | M["message"]): M["message"];
  /** Writes the binary wire format. */
  encode(message: M["message"]): Uint8Array;
  /** Reads the binary wire format. Throws on malformed bytes. */
  decode(bytes: Uint8Array): M["message"];
  /** Writes ProtoJSON. */
  toJson(message: M["message"]): JsonValue;
  /** Writes ProtoJSON as text: what `JSON.stringify` makes of `toJson`, sooner. */
  toJsonText(message: M["message"]): string;
  /**
   * Reads ProtoJSON strictly. Throws a PotterError `invalid_argument` with a violation that names the
   * field, for anything that is not valid ProtoJSON of this type, unknown fields included.
   */
  fromJson(json: JsonValue): M["message"];
}

/** Any codec, whatever its messages. */
export type AnyCodec = MessageCodec<MessageTypes>;
