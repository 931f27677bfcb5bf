import { type DescField, ScalarType } from "@bufbuild/protobuf";

const wide: ReadonlySet<ScalarType | undefined> = new Set([
  ScalarType.INT64,
  ScalarType.UINT64,
  ScalarType.SINT64,
  ScalarType.FIXED64,
  ScalarType.SFIXED64,
]);

export function isText(field: DescField): boolean {
  return field.scalar === ScalarType.STRING;
}

export function is64Bit(field: DescField): boolean {
  return wide.has(field.scalar);
}
