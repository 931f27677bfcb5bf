import type { DescEnum, DescField, DescMessage, ScalarType } from "@bufbuild/protobuf";
import { isWrapperDesc } from "@bufbuild/protobuf/wkt";
import { type Fallback, fallback } from "./fallback.js";
import { compileWriteNonZero, compileWriteScalar, type WriteValue, writeText } from "./write-scalar.js";
import { writeDuration, writeTimestamp } from "./write-time.js";

/** Returns the writer of a message. It may be incomplete until compilation ends, since messages may be recursive. */
export type FindWriter = (schema: DescMessage) => { write(message: unknown): string | Fallback };

/** Returns the writer of the values of a field. It writes an empty text for values that ProtoJSON omits. */
export function compileWriteField(field: DescField, find: FindWriter): WriteValue {
  switch (field.fieldKind) {
    case "list":
      return compileWriteList(compileWriteElement(field, field.listKind, find));
    case "map":
      return compileWriteMap(compileWriteElement(field, field.mapKind, find));
    case "scalar":
      if (omitsZero(field)) return compileWriteNonZero(field.scalar);
      break;
    case "enum":
      if (omitsZero(field)) {
        const write = compileWriteEnum(field.enum);
        const zero = field.enum.values[0]?.number;
        return (value) => (value === zero ? "" : write(value));
      }
  }
  return compileWriteElement(field, field.fieldKind, find);
}

// google.protobuf.FeatureSet.FieldPresence.IMPLICIT
const implicit = 2;

/** Whether ProtoJSON omits a scalar or an enum if it is zero. */
export function omitsZero({ presence, oneof }: DescField): boolean {
  return presence === implicit && oneof === undefined;
}

export function compileWriteElement(
  field: DescField,
  kind: "scalar" | "enum" | "message",
  find: FindWriter,
): WriteValue {
  if (kind === "message") return compileWriteMessage(field, field.message as DescMessage, find);
  if (field.enum !== undefined) return compileWriteEnum(field.enum);
  return compileWriteScalar(field.scalar as ScalarType);
}

function compileWriteEnum(schema: DescEnum): WriteValue {
  if (schema.typeName === "google.protobuf.NullValue") return () => fallback;
  const names = new Map<unknown, string>();
  for (const { number } of schema.values) names.set(number, JSON.stringify(schema.value[number]?.jsonName));
  return (value) => names.get(value) ?? (Number.isFinite(value) ? String(value) : fallback);
}

function compileWriteMessage(field: DescField, schema: DescMessage, find: FindWriter): WriteValue {
  if (schema.typeName === "google.protobuf.Timestamp") return orFallback(writeTimestamp);
  if (schema.typeName === "google.protobuf.Duration") return orFallback(writeDuration);
  if (isWrapperDesc(schema)) {
    // Only a singular field outside of a oneof holds the unwrapped value.
    if (field.fieldKind !== "message" || field.oneof !== undefined) return () => fallback;
    return compileWriteScalar(schema.fields[0]?.scalar as ScalarType);
  }
  const writer = find(schema);
  return orFallback((message) => writer.write(message));
}

function orFallback(write: WriteValue): WriteValue {
  return (value) => (typeof value === "object" && value !== null ? write(value) : fallback);
}

function compileWriteList(writeItem: WriteValue): WriteValue {
  return (list) => {
    if (!Array.isArray(list)) return fallback;
    let text = "";
    for (let i = 0; i < list.length; i++) {
      const item = writeItem(list[i]);
      if (item === fallback) return fallback;
      text += text === "" ? item : `,${item}`;
    }
    return text === "" ? "" : `[${text}]`;
  };
}

function compileWriteMap(writeItem: WriteValue): WriteValue {
  return (map) => {
    if (typeof map !== "object" || map === null) return fallback;
    let text = "";
    for (const key of Object.keys(map)) {
      const item = writeItem((map as Readonly<Record<string, unknown>>)[key]);
      if (item === fallback) return fallback;
      text += `${text === "" ? "" : ","}${writeText(key)}:${item}`;
    }
    return text === "" ? "" : `{${text}}`;
  };
}
