import { type DescField, type DescMessage, type DescOneof, getOption, isFieldSet } from "@bufbuild/protobuf";
import { isWrapperDesc } from "@bufbuild/protobuf/wkt";
import {
  type FieldRules,
  FieldRulesSchema,
  field as fieldOption,
  Ignore,
  message as messageOption,
  oneof as oneofOption,
} from "@bufbuild/protovalidate/gen/buf/validate/validate_pb.js";
import { type Check, compileValue, doubt } from "./compile-value.js";
import { hasRules } from "./rules-present.js";

type Values = Readonly<Record<string, unknown>>;

/** A check of a whole message. `true`: surely valid; `false`: ask protovalidate. */
export type MessageCheck = (message: object) => boolean;

const compiled: WeakMap<DescMessage, MessageCheck> = new WeakMap();

/**
 * Compiles the rules of a message into closures over its properties. They may doubt what is valid, but never let
 * pass what protovalidate refuses; a rule that is not known here is always in doubt.
 */
export function compileMessage(schema: DescMessage): MessageCheck {
  let check = compiled.get(schema);
  if (check === undefined) {
    let checks: readonly MessageCheck[] = [];
    // Registered first: messages may hold themselves.
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
  if (rules.cel.length > 0 || rules.celExpression.length > 0 || rules.oneof.length > 0) return [doubt];
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

/** How protobuf-es keeps a field, and when it counts as set. */
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

/** The check of what a set field holds; undefined: there is nothing to check. */
function compileContent(field: DescField, rules: FieldRules): Check | undefined {
  if (hasCel(rules)) return doubt;
  switch (field.fieldKind) {
    case "scalar":
    case "enum":
      return compileValue(field, rules);
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
  if (message === undefined || hasCel(rules)) return doubt;
  if (rules.type.case !== undefined) {
    // A wrapper that is a field of its own is kept as its value; its rules are those of the value.
    const wrapped = isWrapperDesc(message) && field.fieldKind === "message" && field.oneof === undefined;
    return wrapped ? compileValue(message.fields[0] as DescField, rules) : doubt;
  }
  return hasRules(message) ? (compileMessage(message) as Check) : undefined;
}

function compileList(field: DescField & { fieldKind: "list" }, { type }: FieldRules): Check | undefined {
  if (type.case !== undefined && type.case !== "repeated") return doubt;
  const rules = type.case === "repeated" ? type.value : undefined;
  if (rules?.$unknown !== undefined || rules?.unique === true) return doubt;
  const item = compileElement(field, field.listKind, rules?.items);
  const min = Number(rules?.minItems ?? 0n);
  const max = rules !== undefined && isFieldSet(rules, "maxItems" as never) ? Number(rules.maxItems) : Number.POSITIVE_INFINITY;
  if (item === undefined && min === 0 && max === Number.POSITIVE_INFINITY) return undefined;
  return (value) => {
    const list = value as readonly unknown[];
    if (list.length < min || list.length > max) return false;
    if (item !== undefined) for (const one of list) if (!item(one)) return false;
    return true;
  };
}

function compileElement(field: DescField, kind: "scalar" | "enum" | "message", rules: FieldRules | undefined): Check | undefined {
  if (rules?.ignore === Ignore.ALWAYS) return undefined;
  if (kind === "message") return compileNested(field, rules ?? noRules);
  if (rules === undefined) return undefined;
  return hasCel(rules) || rules.ignore === Ignore.IF_ZERO_VALUE ? doubt : compileValue(field, rules);
}

const noRules = getOptionDefault();

function getOptionDefault(): FieldRules {
  return FieldRulesEmpty;
}

function compileMap(field: DescField & { fieldKind: "map" }, { type }: FieldRules): Check | undefined {
  if (type.case !== undefined && type.case !== "map") return doubt;
  const rules = type.case === "map" ? type.value : undefined;
  if (rules?.$unknown !== undefined) return doubt;
  const value = compileElement(field, field.mapKind, rules?.values);
  if (rules?.keys !== undefined && rules.keys.ignore !== Ignore.ALWAYS) return doubt;
  const min = Number(rules?.minPairs ?? 0n);
  const max = Number.POSITIVE_INFINITY;
  if (value === undefined && rules === undefined) return undefined;
  return (map) => {
    const values = Object.values(map as object);
    if (values.length < min || values.length > max) return false;
    return value === undefined || values.every(value);
  };
}
