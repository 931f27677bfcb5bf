import type { DescField } from "@bufbuild/protobuf";
import { type AnyCodec, readFieldMarks } from "../message/index.js";

/** A row as a store keeps it, in place of its message. The fields that rows are filtered by are properties beside it. */
export interface StoredRow {
  readonly [stored]: Uint8Array;
}

/** Under no name that a field could have. */
export const stored: unique symbol = Symbol("stored");

const codecs = new WeakMap<AnyCodec, AnyCodec>();

/** A codec by which a store keeps the bytes that it is given, and gives them back. */
export function storedCodec(codec: AnyCodec): AnyCodec {
  let made = codecs.get(codec);
  if (made === undefined) {
    made = {
      ...codec,
      create: (row) => row,
      encode: (row) => (row as StoredRow)[stored],
      decode: (bytes): StoredRow => ({ [stored]: bytes }),
    };
    codecs.set(codec, made);
  }
  return made;
}

/** What is to be stored of a row: its bytes, and its fields but for those that are personal. */
export function toStoredRow(codec: AnyCodec, row: unknown, bytes: Uint8Array): StoredRow {
  const fields: Record<string, unknown> = { ...(row as object) };
  for (const field of codec.schema.fields) {
    if (!readFieldMarks(field).personal) continue;
    for (const name of namesOf(field)) delete fields[name];
  }
  return { ...fields, [stored]: bytes };
}

/** ts-proto has no `$` behind names that every object has. */
function namesOf({ localName }: DescField): readonly string[] {
  return localName.endsWith("$") ? [localName, localName.slice(0, -1)] : [localName];
}
