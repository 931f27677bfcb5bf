import { type DescField, type DescMessage, getOption, type Message, ScalarType } from "@bufbuild/protobuf";
import {
  type FieldRules,
  FieldRulesSchema,
  field as fieldOption,
  message as messageOption,
} from "@bufbuild/protovalidate/gen/buf/validate/validate_pb.js";
import { readRules } from "./read-rules.js";

/**
 * Whether the rules of a message, and of those that it contains, certainly compile: standard rules of scalars and enums that fit
 * the type of their field, and rules of the sizes of lists and maps. May be false for others that compile too.
 */
export function surelyCompiles(schema: DescMessage, seen: Set<DescMessage> = new Set()): boolean {
  if (seen.has(schema)) return true;
  seen.add(schema);
  const { cel, celExpression, oneof, $unknown } = getOption(schema, messageOption);
  if (cel.length > 0 || celExpression.length > 0 || oneof.length > 0 || $unknown !== undefined) return false;
  return schema.fields.every(
    (field) => isField(field, getOption(field, fieldOption)) && (!field.message || surelyCompiles(field.message, seen)),
  );
}

function isField(field: DescField, rules: FieldRules): boolean {
  switch (field.fieldKind) {
    case "scalar":
      return isValue(rules, field.scalar);
    case "enum":
      return isValue(rules, "enum");
    case "message":
      return isValue(rules, undefined);
    case "list":
      return isContainer(rules, "repeated", { items: elementOf(field.listKind, field.scalar) });
    case "map":
      return isContainer(rules, "map", { keys: field.mapKey, values: elementOf(field.mapKind, field.scalar) });
  }
}

/** The type of a value: undefined for messages, whose own rules are looked at apart. */
type ValueType = ScalarType | "enum" | undefined;

function elementOf(kind: "scalar" | "enum" | "message", scalar: ScalarType | undefined): ValueType {
  return kind === "enum" ? kind : scalar;
}

function isContainer(
  rules: FieldRules,
  name: "repeated" | "map",
  elements: Readonly<Record<string, ValueType>>,
): boolean {
  if (rules.type.case === undefined) return isPlain(rules);
  if (rules.type.case !== name || !isPlain(rules)) return false;
  return Object.entries(readTyped(rules)).every(([rule, value]) =>
    rule in elements ? isValue(value as FieldRules, elements[rule]) : /^(min|max)(Items|Pairs)$/.test(rule),
  );
}

function isValue(rules: FieldRules, type: ValueType): boolean {
  if (!isPlain(rules)) return false;
  if (rules.type.case === undefined) return true;
  if (type === undefined) return false;
  const fits = rules.type.case === (type === "enum" ? type : ScalarType[type].toLowerCase());
  // A pattern can be invalid, and one of bytes fails for bytes that are not UTF-8.
  return fits && Object.keys(readTyped(rules)).every((rule) => rule !== "pattern" && rule !== "$unknown");
}

function isPlain({ cel, celExpression, $unknown }: FieldRules): boolean {
  return cel.length === 0 && celExpression.length === 0 && $unknown === undefined;
}

function readTyped({ type }: FieldRules): Readonly<Record<string, unknown>> {
  const schema = FieldRulesSchema.fields.find(({ localName }) => localName === type.case)?.message;
  return schema === undefined ? { $unknown: true } : readRules(type.value as Message, schema);
}
