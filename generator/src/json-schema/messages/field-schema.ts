import { type DescField, ScalarType } from "@bufbuild/protobuf";
import { readComment } from "../../descriptors/index.js";
import { addKeywords, describe, mergeParts, parseDefault, parseExample, type Schema } from "../keywords/index.js";
import { type Notes, type Rules, readFieldRules } from "../read-rules/index.js";
import {
  admits,
  inCollection,
  type References,
  rangeOf,
  rangePattern,
  type ValuePlace,
  type ValueType,
  valueSchema,
  zeroOf,
} from "../values/index.js";

// google.protobuf.FeatureSet.FieldPresence
const [implicit, legacyRequired] = [2, 3];

/** The schema of a field, and whether its message must have it. */
export interface FieldSchema {
  readonly schema: Schema;
  readonly required: boolean;
}

/** Builds the schema of a field, with its annotations. */
export function fieldSchema(field: DescField, references: References): FieldSchema {
  const options = references.facts.field(field);
  const rules = readFieldRules(field);
  const notes: Notes = [];
  const bare = contentSchema(field, rules, references, notes);
  const annotations: Schema = {
    ...(options.title !== undefined && { title: options.title }),
    ...describe(options.description ?? readComment(field), notes),
    ...(options.readOnly === true && { readOnly: true }),
    ...(options.writeOnly === true && { writeOnly: true }),
    ...((field.deprecated || options.deprecated === true) && { deprecated: true }),
    ...parseDefault(options.default),
    ...withoutHidden(field, parseExample(options.example), references),
  };
  const required =
    rules.required ||
    field.presence === legacyRequired ||
    (options.required === true && references.direction === "input") ||
    (!hasPresence(field) && rules.ignore === "never" && !admits(bare, zeroOf(field)));
  return { schema: { ...addKeywords(bare, options), ...annotations }, required };
}

/** Drops an example that contains hidden fields. */
function withoutHidden({ message }: DescField, example: Schema, { audience }: References): Schema {
  const values = (example.examples ?? []) as readonly unknown[];
  const items = values.flatMap((value) => [value, ...(typeof value === "object" ? Object.values(value ?? {}) : [])]);
  return message !== undefined && items.some((item) => audience.findsHiddenIn(message, item)) ? {} : example;
}

/** Whether a field distinguishes absence from its zero value. */
export function hasPresence(field: DescField): boolean {
  return field.fieldKind !== "list" && field.fieldKind !== "map" && field.presence !== implicit;
}

function contentSchema(field: DescField, rules: Rules, references: References, notes: Notes): Schema {
  if (field.fieldKind === "list") return listSchema(field, rules, references, notes);
  if (field.fieldKind === "map") return mapSchema(field, rules, references, notes);
  const present = hasPresence(field);
  const place: ValuePlace = {
    withoutZero: (rules.required || rules.chosen) && !present,
    // A zero value is ignored only if the field cannot be absent.
    orZero: !present && !rules.chosen,
    nullable: field.oneof === undefined && !rules.required,
  };
  return valueSchema(typeOf(field), rules, place, references, notes);
}

/** The type of a field's value, of a list's items or of a map's values. */
export function typeOf(field: DescField): ValueType {
  if (field.message !== undefined) return { kind: "message", message: field.message };
  if (field.enum !== undefined) return { kind: "enum", enum: field.enum };
  return { kind: "scalar", scalar: field.scalar ?? ScalarType.STRING };
}

function listSchema(field: DescField, rules: Rules, references: References, notes: Notes): Schema {
  const { minItems, maxItems, unique } = rules.values as { minItems?: bigint; maxItems?: bigint; unique?: boolean };
  const least = leastOf(rules, minItems);
  return {
    type: "array",
    items: valueSchema(typeOf(field), rules.nested("items"), inCollection, references, notes),
    ...(least !== undefined && { minItems: Number(least) }),
    ...(maxItems !== undefined && { maxItems: Number(maxItems) }),
    ...(unique === true && { uniqueItems: true }),
  };
}

/** The minimum size. An empty list or map counts as absent, so a required one has at least one item. */
function leastOf({ required, chosen }: Rules, min: bigint | undefined): bigint | number | undefined {
  return required || chosen ? Math.max(1, Number(min ?? 0n)) : min;
}

function mapSchema(
  field: DescField & { readonly fieldKind: "map" },
  rules: Rules,
  references: References,
  notes: Notes,
): Schema {
  const { minPairs, maxPairs } = rules.values as { minPairs?: bigint; maxPairs?: bigint };
  const least = leastOf(rules, minPairs);
  const names = keySchema(field.mapKey, rules.nested("keys"), references, notes);
  return {
    type: "object",
    additionalProperties: valueSchema(typeOf(field), rules.nested("values"), inCollection, references, notes),
    ...(names && { propertyNames: names }),
    ...(least !== undefined && { minProperties: Number(least) }),
    ...(maxPairs !== undefined && { maxProperties: Number(maxPairs) }),
  };
}

/** Map keys are strings in JSON, whatever their type. */
function keySchema(type: ScalarType, rules: Rules, references: References, notes: Notes): Schema | undefined {
  if (type === ScalarType.BOOL) {
    const only = rules.values["const"];
    return { enum: only === undefined ? ["true", "false"] : [String(only)] };
  }
  if (type === ScalarType.STRING) {
    if (Object.keys(rules.values).length === 0 && rules.cel.length === 0) return undefined;
    return valueSchema({ kind: "scalar", scalar: type }, rules, inCollection, references, notes);
  }
  const range = rangeOf(type);
  if (range === undefined) return undefined;
  if (Object.keys(rules.values).length === 0) return { pattern: `^${rangePattern(range.min, range.max)}$` };
  // Schemas of 64-bit integers are of strings, with the same rules.
  const long = range.format.startsWith("u") ? ScalarType.UINT64 : ScalarType.INT64;
  const {
    pattern,
    enum: some,
    not,
    anyOf,
    allOf,
  } = valueSchema({ kind: "scalar", scalar: long }, rules, inCollection, references, notes);
  const bounded = pattern === undefined ? {} : { pattern };
  return mergeParts(bounded, [
    ...(range.format.endsWith("32") ? [{ pattern: `^${rangePattern(range.min, range.max)}$` }] : []),
    ...(some === undefined ? [] : [{ enum: some }]),
    ...(not === undefined ? [] : [{ not }]),
    ...(anyOf === undefined ? [] : [{ anyOf }]),
    ...((allOf as Schema[] | undefined) ?? []),
  ]);
}
