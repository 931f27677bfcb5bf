import { create, type DescField, type DescMessage, ScalarType, toBinary } from "@bufbuild/protobuf";
import { reflect } from "@bufbuild/protobuf/reflect";
import { FeatureSet_FieldPresence } from "@bufbuild/protobuf/wkt";
import { PotterError } from "../errors/index.js";

const long: ReadonlySet<ScalarType | undefined> = new Set([
  ScalarType.INT64,
  ScalarType.UINT64,
  ScalarType.SINT64,
  ScalarType.FIXED64,
  ScalarType.SFIXED64,
]);

/**
 * Throws if ts-proto was run with options that lose values: 64-bit integers as numbers, and oneofs of which two members can be
 * set. It tests messages when a module is loaded, since a plugin does not receive the options of another.
 */
export function checkTsProtoOptions(schema: DescMessage, decode: (bytes: Uint8Array) => unknown): void {
  // A message with required fields is skipped: the options are the same for all messages.
  if (schema.fields.some(({ presence }) => presence === FeatureSet_FieldPresence.LEGACY_REQUIRED)) return;
  const integer = schema.fields.find(
    (field) =>
      field.fieldKind === "scalar" && long.has(field.scalar) && field.oneof === undefined && !field.longAsString,
  );
  if (
    integer !== undefined &&
    !holds(read(schema, integer, decode), (value) => typeof value === "bigint" && value === 1n)
  ) {
    throw new PotterError(
      "failed_precondition",
      `${schema.typeName}.${integer.name} is not a bigint: ts-proto was run without "forceLong=bigint", so that 64-bit integers lose digits. ` +
        "Add it to the options of ts-proto in buf.gen.yaml",
    );
  }
  const member = schema.oneofs[0]?.fields.find((field) => field.fieldKind === "scalar");
  if (member !== undefined && !holds(read(schema, member, decode), hasCase)) {
    throw new PotterError(
      "failed_precondition",
      `the oneof ${schema.typeName}.${schema.oneofs[0]?.name} is flat: ts-proto was run without "oneof=unions-value", so that two members of it ` +
        "could be set. Add it to the options of ts-proto in buf.gen.yaml",
    );
  }
}

/** Decodes by ts-proto a message in which one field is set. */
function read(schema: DescMessage, field: DescField, decode: (bytes: Uint8Array) => unknown): unknown {
  const message = create(schema);
  const reflected = reflect(schema, message);
  reflected.set(field, long.has(field.scalar) ? 1n : (reflected.get(field) as never));
  return decode(toBinary(schema, message, { writeUnknownFields: false }));
}

function holds(message: unknown, matches: (value: unknown) => boolean): boolean {
  return Object.values(message as object).some(matches);
}

function hasCase(value: unknown): boolean {
  return typeof value === "object" && value !== null && "$case" in value && "value" in value;
}
