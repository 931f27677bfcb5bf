import { type BinaryWriter, WireType } from "@bufbuild/protobuf/wire";

// The few messages of google.rpc that describe errors, as bytes. Their fields never change.

/** A field that holds a text. An empty one is not written. */
export function writeText(writer: BinaryWriter, number: number, text: string): BinaryWriter {
  return text === "" ? writer : writer.tag(number, WireType.LengthDelimited).string(text);
}

/** A field that holds bytes or a message. An empty one is written too. */
export function writeBytes(writer: BinaryWriter, number: number, bytes: Uint8Array): BinaryWriter {
  return writer.tag(number, WireType.LengthDelimited).bytes(bytes);
}

/** A field that holds a number with a sign. Zero is not written. */
export function writeInt(writer: BinaryWriter, number: number, value: number): BinaryWriter {
  return value === 0 ? writer : writer.tag(number, WireType.Varint).int64(value);
}
