import type { DescField } from "@bufbuild/protobuf";
import { BinaryWriter, WireType } from "@bufbuild/protobuf/wire";

/** A message in binary, as the field that holds it is written. */
export function writeField(field: DescField & { readonly fieldKind: "message" }, message: Uint8Array): Uint8Array {
  const writer = new BinaryWriter();
  if (!field.delimitedEncoding) return writer.tag(field.number, WireType.LengthDelimited).bytes(message).finish();
  return writer.tag(field.number, WireType.StartGroup).raw(message).tag(field.number, WireType.EndGroup).finish();
}

/** What is read as one message is the merger of both: of single fields the later counts, lists are joined. */
export function merge(first: Uint8Array, second: Uint8Array): Uint8Array {
  if (second.length === 0) return first;
  const whole = new Uint8Array(first.length + second.length);
  whole.set(first);
  whole.set(second, first.length);
  return whole;
}
