import type { DescMessage, JsonValue } from "@bufbuild/protobuf";

/** The TypeScript types of one message: the message, and the value that one is created from. Exists only for the compiler. */
export interface MessageTypes {
  /** The message. */
  readonly message: unknown;
  /** The value that a message is created from. */
  readonly init: unknown;
}

/**
 * Creates, writes and reads messages of one type. The runtime accesses the user's message library only through this
 * interface.
 */
export interface MessageCodec<M extends MessageTypes = MessageTypes> {
  /** Full proto name, without a leading dot. */
  readonly typeName: string;
  /** The descriptor, for validation and to bind HTTP paths and query strings to fields. */
  readonly schema: DescMessage;
  /** Creates a message. Returns a given message as it is. */
  create(init?: M["init"] | M["message"]): M["message"];
  /** Writes the binary wire format. */
  encode(message: M["message"]): Uint8Array;
  /** Reads the binary wire format. Throws on malformed bytes. */
  decode(bytes: Uint8Array): M["message"];
  /** Writes ProtoJSON. */
  toJson(message: M["message"]): JsonValue;
  /** Writes ProtoJSON as text: the same as `JSON.stringify` of `toJson`, but faster. */
  toJsonText(message: M["message"]): string;
  /**
   * Reads ProtoJSON strictly. Throws a PotterError `invalid_argument` for JSON that is not valid ProtoJSON of this type,
   * unknown fields included. Its violations name the fields.
   */
  fromJson(json: JsonValue): M["message"];
}

/** A codec of any message type. */
export type AnyCodec = MessageCodec<MessageTypes>;
