import {
  create,
  type DescField,
  type DescMessage,
  type DescOneof,
  getOption,
  isFieldSet,
  ScalarType,
} from "@bufbuild/protobuf";
import { isWrapperDesc } from "@bufbuild/protobuf/wkt";
import {
  type FieldRules,
  FieldRulesSchema,
  field as fieldOption,
  Ignore,
  MapRulesSchema,
  message as messageOption,
  oneof as oneofOption,
  RepeatedRulesSchema,
} from "@bufbuild/protovalidate/gen/buf/validate/validate_pb.js";
import { hasRules } from "../rules/index.js";
import { allOf, type Check, fallback } from "./check.js";
import { compileValue } from "./compile-value.js";
import { readRules } from "./read-rules.js";

const noRules = create(FieldRulesSchema);

type Values = Readonly<Record<string, unknown>>;

/** A fast check of a message. `true`: certainly valid; `false`: protovalidate decides. */
export type MessageCheck = (message: object) => boolean;

const compiled: WeakMap<DescMessage, MessageCheck> = new WeakMap();

/**
 * Compiles the rules of a message into closures over its properties. The check may fail for a valid message, but never passes
 * for one that protovalidate refuses; it always fails for an unknown rule.
 */
export function compileMessage(schema: DescMessage): MessageCheck {
  let check = compiled.get(schema);
  if (check === undefined) {
    let checks: readonly MessageCheck[] = [];
    // Registered first, since message types can be recursive.
    check = (message) => {
      for (const one of checks) if (!one(message)) return false;
      return true;
    };
    compiled.set(schema, check);
    checks = compileParts(schema);
  }
  return check;
}

function compileParts(schema: DescMessage): MessageCheck[] {
  const rules = getOption(schema, messageOption);
  if (rules.cel.length > 0 || rules.celExpression.length > 0 || rules.oneof.length > 0) return [fallback];
  const required = schema.oneofs.filter((oneof) => getOption(oneof, oneofOption).required).map(compileOneof);
  return [...required, ...schema.fields.flatMap(compileField)];
}

function compileOneof({ localName }: DescOneof): MessageCheck {
  return (message) => (message as Record<string, { case?: string }>)[localName]?.case !== undefined;
}

function compileField(field: DescField): MessageCheck[] {
  const rules = getOption(field, fieldOption);
  const value = rules.ignore === Ignore.ALWAYS ? undefined : compileContent(field, rules);
  const required = rules.required && rules.ignore !== Ignore.ALWAYS;
  if (value === undefined && !required) return [];
  const { read, isSet } = compileAccess(field);
  const always = value !== undefined && !required && !isSkippedWhenUnset(field, rules);
  if (always) return [(message) => value(read(message as Values))];
  return [
    (message) => {
      if (!isSet(message as Values)) return !required;
      return value === undefined || value(read(message as Values));
    },
  ];
}

// google.protobuf.FeatureSet.FieldPresence.IMPLICIT
const implicit = 2;

function isSkippedWhenUnset(field: DescField, { ignore }: FieldRules): boolean {
  if (field.fieldKind === "message") return true;
  if (field.fieldKind === "list" || field.fieldKind === "map") return ignore === Ignore.IF_ZERO_VALUE;
  return field.presence !== implicit || ignore === Ignore.IF_ZERO_VALUE;
}

interface Access {
  read(message: Values): unknown;
  isSet(message: Values): boolean;
}

/** Reads a field as protobuf-es represents it, and whether it is set. */
function compileAccess(field: DescField): Access {
  const { localName, oneof } = field;
  if (oneof !== undefined) {
    const group = (message: Values) => message[oneof.localName] as { case?: string; value?: unknown };
    return { read: (message) => group(message).value, isSet: (message) => group(message).case === localName };
  }
  const read = (message: Values) => message[localName];
  switch (field.fieldKind) {
    case "list":
      return { read, isSet: (message) => (message[localName] as readonly unknown[]).length > 0 };
    case "map":
      return { read, isSet: (message) => Object.keys(message[localName] as object).length > 0 };
  }
  if (field.presence !== implicit) {
    return { read, isSet: (message) => message[localName] !== undefined && Object.hasOwn(message, localName) };
  }
  return { read, isSet: (message) => isFieldSet(message as never, field) };
}

/** Compiles the check of the value of a set field; undefined if there is nothing to check. */
function compileContent(field: DescField, rules: FieldRules): Check | undefined {
  if (hasCel(rules)) return fallback;
  switch (field.fieldKind) {
    case "scalar":
    case "enum":
      return compileValue(rules, field);
    case "message":
      return compileNested(field, rules);
    case "list":
      return compileList(field, rules);
    case "map":
      return compileMap(field, rules);
  }
}

function hasCel(rules: FieldRules): boolean {
  return rules.cel.length > 0 || rules.celExpression.length > 0 || rules.$unknown !== undefined;
}

function compileNested(field: DescField, rules: FieldRules): Check | undefined {
  const { message } = field;
  if (message === undefined || hasCel(rules)) return fallback;
  if (rules.type.case !== undefined) {
    // protobuf-es unwraps a wrapper in a singular field; its rules apply to the value.
    const wrapped = isWrapperDesc(message) && field.fieldKind === "message" && field.oneof === undefined;
    return wrapped ? compileValue(rules, message.fields[0]) : fallback;
  }
  return hasRules(message) ? (compileMessage(message) as Check) : undefined;
}

function compileList(field: DescField & { fieldKind: "list" }, { type }: FieldRules): Check | undefined {
  if (type.case === undefined) return field.listKind === "message" ? every(compileNested(field, noRules)) : undefined;
  if (type.case !== "repeated") return fallback;
  const checks: Check[] = [];
  const { items, ...sizes } = readRules(type.value, RepeatedRulesSchema);
  for (const [name, value] of Object.entries(sizes)) checks.push(compileListRule(name, value, field));
  const item = every(compileElement(field, field.listKind, items as FieldRules | undefined));
  if (item !== undefined) checks.push(item);
  return allOf(checks);
}

function compileListRule(name: string, value: unknown, field: DescField): Check {
  const size = Number(value);
  const length = (list: unknown) => (list as readonly unknown[]).length;
  switch (name) {
    case "minItems":
      return (list) => length(list) >= size;
    case "maxItems":
      return (list) => length(list) <= size;
    case "unique":
      if (field.message !== undefined || field.scalar === ScalarType.BYTES) return fallback;
      return (list) => new Set(list as readonly unknown[]).size === length(list);
  }
  return fallback;
}

function every(item: Check | undefined): Check | undefined {
  if (item === undefined) return undefined;
  return (list) => {
    for (const one of list as readonly unknown[]) if (!item(one)) return false;
    return true;
  };
}

function compileMap(field: DescField & { fieldKind: "map" }, { type }: FieldRules): Check | undefined {
  const checks: Check[] = [];
  if (type.case !== undefined && type.case !== "map") return fallback;
  const { keys, values, ...sizes } = type.case === undefined ? {} : readRules(type.value, MapRulesSchema);
  for (const [name, value] of Object.entries(sizes)) checks.push(compileMapRule(name, value));
  const key = keys === undefined ? undefined : compileKey(field.mapKey, keys as FieldRules);
  if (key !== undefined) checks.push((map) => Object.keys(map as object).every(key));
  const value = compileElement(field, field.mapKind, values as FieldRules | undefined);
  if (value !== undefined) checks.push((map) => Object.values(map as object).every(value));
  return allOf(checks);
}

function compileMapRule(name: string, value: unknown): Check {
  const size = Number(value);
  if (name === "minPairs") return (map) => Object.keys(map as object).length >= size;
  if (name === "maxPairs") return (map) => Object.keys(map as object).length <= size;
  return fallback;
}

/** Compiles the check of a map key. protobuf-es represents keys of every type as strings. */
function compileKey(type: ScalarType, rules: FieldRules): Check | undefined {
  if (rules.ignore === Ignore.ALWAYS) return undefined;
  return type === ScalarType.STRING && !hasCel(rules) && rules.ignore === Ignore.UNSPECIFIED
    ? compileValue(rules)
    : fallback;
}

/** Compiles the check of each item of a list or each value of a map. */
function compileElement(
  field: DescField,
  kind: "scalar" | "enum" | "message",
  rules: FieldRules = noRules,
): Check | undefined {
  if (rules.ignore === Ignore.ALWAYS) return undefined;
  if (kind === "message") return compileNested(field, rules);
  return hasCel(rules) || rules.ignore !== Ignore.UNSPECIFIED ? fallback : compileValue(rules, field);
}
