import type { DescField } from "@bufbuild/protobuf";
import type { AnyCodec } from "../../message/index.js";
import type { RowValue } from "../ports/index.js";

/** The values of a row that conditions apply to, by proto name of the field. */
export type RowFields = ReadonlyMap<string, RowValue>;

/**
 * Reads the fields of scalar and enum types. A field that the message library leaves undefined is absent, and so is NaN, which
 * does not compare with anything.
 */
export function readFields(codec: AnyCodec, row: unknown): RowFields {
  const fields = new Map<string, RowValue>();
  for (const field of codec.schema.fields) {
    if (field.fieldKind !== "scalar" && field.fieldKind !== "enum") continue;
    const value = readProperty(row as Readonly<Record<string, unknown>>, field);
    if (isRowValue(value) && !Number.isNaN(value)) fields.set(field.name, value);
  }
  return fields;
}

/** Reads a field. protobuf-es appends `$` to names that every object has, such as `constructor`; ts-proto does not. */
export function readProperty(row: Readonly<Record<string, unknown>>, { localName }: DescField): unknown {
  if (Object.hasOwn(row, localName) || !localName.endsWith("$")) return row[localName];
  const plain = localName.slice(0, -1);
  return Object.hasOwn(row, plain) ? row[plain] : undefined;
}

function isRowValue(value: unknown): value is RowValue {
  return (
    typeof value === "string" || typeof value === "number" || typeof value === "bigint" || typeof value === "boolean"
  );
}
