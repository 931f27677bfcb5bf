import type { DescField } from "@bufbuild/protobuf";
import { BinaryWriter, WireType } from "@bufbuild/protobuf/wire";

/** Writes a binary message as the field that holds it. */
export function writeField(field: DescField & { readonly fieldKind: "message" }, message: Uint8Array): Uint8Array {
  const writer = new BinaryWriter();
  if (!field.delimitedEncoding) return writer.tag(field.number, WireType.LengthDelimited).bytes(message).finish();
  return writer.tag(field.number, WireType.StartGroup).raw(message).tag(field.number, WireType.EndGroup).finish();
}

/** Merges two binary messages as the wire format does: the later value of a singular field wins, lists are concatenated. */
export function mergeBinary(first: Uint8Array, second: Uint8Array): Uint8Array {
  if (second.length === 0) return first;
  const whole = new Uint8Array(first.length + second.length);
  whole.set(first);
  whole.set(second, first.length);
  return whole;
}
