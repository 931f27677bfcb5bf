/** How messages of one type become bytes and ProtoJSON. Clients whose messages are plain ProtoJSON have none. */
export interface Codec<Message, Init = Message> {
  /** Full name of the message: `shop.orders.v1.OrderView`. */
  readonly typeName: string;
  /** Encodes a message in the binary format. */
  encode(message: Init): Uint8Array;
  /** Decodes a message. Throws for malformed bytes. */
  decode(bytes: Uint8Array): Message;
  /** Converts a message to ProtoJSON. */
  toJson(message: Init): unknown;
  /** Converts ProtoJSON to a message. Throws for a value that does not fit. */
  fromJson(json: unknown): Message;
}

/** A codec of whatever messages. */
export type AnyCodec = Codec<unknown, unknown>;
