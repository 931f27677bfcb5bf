import type { DescField, Message } from "@bufbuild/protobuf";
import { type FieldRules, FieldRulesSchema } from "@bufbuild/protovalidate/gen/buf/validate/validate_pb.js";
import { literal } from "../../function-text/index.js";
import { allOf, type Check, fallback, isEqual, withExpression } from "./check.js";
import { compileStringRule } from "./compile-string.js";
import { readRules } from "./read-rules.js";

/** Compiles the check of a scalar or enum value; undefined if its type has no rules. `field` is absent for keys of maps. */
export function compileValue({ type }: FieldRules, field?: DescField): Check | undefined {
  const schema = FieldRulesSchema.fields.find(({ localName }) => localName === type.case)?.message;
  if (schema === undefined) return undefined;
  const rules = readRules(type.value as Message, schema);
  const entries = Object.entries(rules);
  switch (type.case) {
    case "string":
      return allOf(entries.map(([name, value]) => compileStringRule(name, value)));
    case "bool":
      return allOf(entries.map(([name, value]) => (name === "const" ? isEqual(value) : fallback)));
    case "bytes":
      return allOf(entries.map(([name, value]) => compileBytesRule(name, value)));
    case "enum":
      return allOf(
        entries.map(([name, value]) =>
          name === "definedOnly" ? isDefined(field, value) : compileComparison(name, value),
        ),
      );
    case "duration":
    case "timestamp":
    case "any":
    case "fieldMask":
      return fallback;
  }
  return compileNumber(rules, field);
}

/** Compiles the check of a number or a 64-bit bigint. Comparisons with NaN fail, so that protovalidate decides about NaN. */
function compileNumber(rules: Readonly<Record<string, unknown>>, field: DescField | undefined): Check | undefined {
  if (field !== undefined && "longAsString" in field && field.longAsString) return fallback;
  // Reversed bounds exclude the values between them. No value passes both checks, so protovalidate decides about all.
  return allOf(Object.entries(rules).map(([name, value]) => compileComparison(name, value)));
}

type Comparable = number | bigint;

function compileComparison(name: string, rule: unknown): Check {
  const bound = rule as Comparable;
  switch (name) {
    case "const":
      return isEqual(rule);
    case "lt":
      return withExpression(
        (value) => (value as Comparable) < bound,
        (value) => `${value}<${literal(bound)}`,
      );
    case "lte":
      return withExpression(
        (value) => (value as Comparable) <= bound,
        (value) => `${value}<=${literal(bound)}`,
      );
    case "gt":
      return withExpression(
        (value) => (value as Comparable) > bound,
        (value) => `${value}>${literal(bound)}`,
      );
    case "gte":
      return withExpression(
        (value) => (value as Comparable) >= bound,
        (value) => `${value}>=${literal(bound)}`,
      );
    case "in":
      return (value) => (rule as readonly unknown[]).indexOf(value) >= 0;
    case "notIn":
      return (value) => !Number.isNaN(value) && (rule as readonly unknown[]).indexOf(value) < 0;
    case "finite":
      return rule === true ? Number.isFinite : () => true;
  }
  return fallback;
}

function isDefined(field: DescField | undefined, rule: unknown): Check {
  if (rule !== true) return () => true;
  const numbers = new Set<unknown>(field?.enum?.values.map(({ number }) => number));
  return withExpression(
    (value) => numbers.has(value),
    (value, refer) => `${refer(numbers)}.has(${value})`,
  );
}

function compileBytesRule(name: string, rule: unknown): Check {
  const size = Number(rule);
  const length = (value: unknown) => (value as Uint8Array).length;
  if (name === "len") return (value) => length(value) === size;
  if (name === "minLen") return (value) => length(value) >= size;
  if (name === "maxLen") return (value) => length(value) <= size;
  return fallback;
}
