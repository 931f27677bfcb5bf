import { type DescEnum, type DescMessage, ScalarType } from "@bufbuild/protobuf";
import { isWrapperDesc } from "@bufbuild/protobuf/wkt";
import { anyOf, mergeParts, type Schema } from "../keywords/index.js";
import { type Notes, noteRules, type Rules, type RuleValues } from "../read-rules/index.js";
import { durationRules, noteTimestampRules } from "./duration-rules.js";
import { restrictEnum } from "./enum-schema.js";
import { fieldMaskRules } from "./field-mask-rules.js";
import type { References } from "./references.js";
import { scalarSchema } from "./scalar-schema.js";
import { admits, zeroOfEnum, zeroOfScalar } from "./zero.js";

/** The type of a value. */
export type ValueType =
  | { readonly kind: "scalar"; readonly scalar: ScalarType }
  | { readonly kind: "enum"; readonly enum: DescEnum }
  | { readonly kind: "message"; readonly message: DescMessage };

/** How a field uses its value. */
export interface ValuePlace {
  /** Whether zero is invalid, since the field is required and cannot be absent. */
  readonly withoutZero: boolean;
  /** Whether zero can be written, in which case rules that ignore zero accept it. */
  readonly orZero: boolean;
  /** Whether null means absence. Only wrappers declare that, since it is their purpose. */
  readonly nullable: boolean;
}

export const inCollection: ValuePlace = { withoutZero: false, orZero: true, nullable: false };

/** Builds the schema of a value. Adds what no keyword can express to the notes. */
export function valueSchema(
  type: ValueType,
  rules: Rules,
  place: ValuePlace,
  references: References,
  notes: Notes,
): Schema {
  for (const rule of rules.cel) notes.push(`Must satisfy: ${rule}`);
  switch (type.kind) {
    case "scalar":
      return ofScalar(type.scalar, rules, place, references, notes);
    case "enum":
      return ofEnum(type.enum, rules, place, references);
    case "message":
      return ofMessage(type.message, rules, place, references, notes);
  }
}

function ofScalar(type: ScalarType, rules: Rules, place: ValuePlace, references: References, notes: Notes): Schema {
  const plain = Object.keys(rules.values).length === 0 && !place.withoutZero;
  if (plain) return references.scalar(type);
  const zero = zeroOfScalar(type);
  const schema = scalarSchema(type, rules.values, notes);
  if (place.withoutZero && admits(schema, zero)) return withoutZero(schema, type, zero);
  return rules.ignore === "zero" && place.orZero && !admits(schema, zero) ? anyOf([{ const: zero }, schema]) : schema;
}

function withoutZero(schema: Schema, type: ScalarType, zero: unknown): Schema {
  if (type === ScalarType.BOOL) return mergeParts(schema, [{ const: true }]);
  if (type === ScalarType.STRING) return mergeParts(schema, [{ minLength: 1 }]);
  if (type === ScalarType.BYTES) return mergeParts(schema, [{ minLength: 4 }]);
  return mergeParts(schema, [{ not: { const: zero } }]);
}

function ofEnum(desc: DescEnum, rules: Rules, place: ValuePlace, references: References): Schema {
  if (desc.typeName === "google.protobuf.NullValue") return references.enumeration(desc);
  const restricted = restrictEnum(desc, rules.values, place.withoutZero);
  if (restricted === undefined) return references.enumeration(desc);
  const zero = zeroOfEnum(desc);
  return rules.ignore === "zero" && place.orZero && !admits(restricted, zero)
    ? anyOf([{ const: zero }, restricted])
    : restricted;
}

function ofMessage(desc: DescMessage, rules: Rules, place: ValuePlace, references: References, notes: Notes): Schema {
  const { values } = rules;
  const wrapped = isWrapperDesc(desc) ? desc.fields[0]?.scalar : undefined;
  if (wrapped !== undefined) {
    const schema = ofScalar(wrapped, rules, { ...place, withoutZero: false }, references, notes);
    return place.nullable ? orNull(schema) : schema;
  }
  const schema = references.message(desc);
  if (Object.keys(values).length === 0) return schema;
  switch (desc.typeName) {
    case "google.protobuf.Duration":
      return mergeParts(schema, durationRules(values, notes));
    case "google.protobuf.Timestamp":
      noteTimestampRules(values, notes);
      return schema;
    case "google.protobuf.Any":
      return mergeParts(schema, anyRules(values));
    case "google.protobuf.FieldMask":
      return mergeParts(schema, fieldMaskRules(values));
  }
  noteRules(notes, values, ...Object.keys(values));
  return schema;
}

function anyRules({ in: some, notIn }: RuleValues): Schema[] {
  return [
    ...(some === undefined ? [] : [{ properties: { "@type": { enum: some as string[] } }, required: ["@type"] }]),
    ...(notIn === undefined ? [] : [{ properties: { "@type": { not: { enum: notIn as string[] } } } }]),
  ];
}

function orNull(schema: Schema): Schema {
  const { type } = schema;
  if (
    typeof type === "string" &&
    schema.enum === undefined &&
    schema.const === undefined &&
    schema["pattern"] === undefined
  )
    return { ...schema, type: [type, "null"] };
  return {
    anyOf: [
      ...(schema.anyOf !== undefined && Object.keys(schema).length === 1 ? (schema.anyOf as Schema[]) : [schema]),
      { type: "null" },
    ],
  };
}
