import type { DescField } from "@bufbuild/protobuf";
import { type AnyCodec, readFieldMarks } from "../message/index.js";

/** A row as a store keeps it: its encoded bytes, and next to them the fields that rows can be filtered by, as properties. */
export interface StoredRow {
  readonly [stored]: Uint8Array;
}

/** A symbol, since no field can have it as its name. */
export const stored: unique symbol = Symbol("stored");

const codecs = new WeakMap<AnyCodec, AnyCodec>();

/** Returns a codec that passes the bytes of a stored row through unchanged. */
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

/** Converts a row to its stored form: its bytes, and its fields except the personal ones. */
export function toStoredRow(codec: AnyCodec, row: unknown, bytes: Uint8Array): StoredRow {
  const fields: Record<string, unknown> = { ...(row as object) };
  for (const field of codec.schema.fields) {
    if (!readFieldMarks(field).personal) continue;
    for (const name of namesOf(field)) delete fields[name];
  }
  return { ...fields, [stored]: bytes };
}

/** protobuf-es appends `$` to names that every object has; ts-proto does not. */
function namesOf({ localName }: DescField): readonly string[] {
  return localName.endsWith("$") ? [localName, localName.slice(0, -1)] : [localName];
}
