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
import { literal, property, type Refer } from "../../function-text/index.js";
import { hasRules } from "../rules/index.js";
import {
  allOf,
  type Check,
  compileChecks,
  fallback,
  type WriteCheck,
  withExpression,
  withText,
  write,
} from "./check.js";
import { compileValue } from "./compile-value.js";
import { readRules } from "./read-rules.js";

const noRules = create(FieldRulesSchema);

type Values = Readonly<Record<string, unknown>>;

/** A fast check of a message. `true`: certainly valid; `false`: protovalidate decides. */
export type MessageCheck = (message: object) => boolean;

const compiled: WeakMap<DescMessage, MessageCheck> = new WeakMap();

/**
 * Compiles the rules of a message into source text, or into closures where the platform forbids that. The check may fail for a valid message, but never passes
 * for one that protovalidate refuses; it always fails for an unknown rule.
 */
export function compileMessage(schema: DescMessage): MessageCheck {
  let check = compiled.get(schema);
  if (check === undefined) {
    let found: MessageCheck = fallback as MessageCheck;
    // Registered first, since message types can be recursive.
    compiled.set(schema, (message) => found(message));
    const checks = compileParts(schema);
    found =
      (compileChecks(checks as Check[]) as MessageCheck | undefined) ??
      ((message) => checks.every((one) => one(message)));
    check = found;
    compiled.set(schema, check);
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
  return withExpression(
    (message) => (message as Record<string, { case?: string }>)[localName]?.case !== undefined,
    (message) => `${message}${property(localName)}.case!==undefined`,
  );
}

function compileField(field: DescField): MessageCheck[] {
  const rules = getOption(field, fieldOption);
  const value = rules.ignore === Ignore.ALWAYS ? undefined : compileContent(field, rules);
  const required = rules.required && rules.ignore !== Ignore.ALWAYS;
  if (value === undefined && !required) return [];
  const { read, isSet, texts } = compileAccess(field);
  const always = value !== undefined && !required && !isSkippedWhenUnset(field, rules);
  const check: Check = always
    ? (message) => value(read(message as Values))
    : (message) => {
        if (!isSet(message as Values)) return !required;
        return value === undefined || value(read(message as Values));
      };
  const text: WriteCheck = (message, scope) => {
    const name = scope.variable();
    const content = value === undefined ? "" : `const ${name}=${texts.read(message)};${write(value, name, scope)}`;
    if (always) return `{${content}}`;
    return `if(${texts.isSet(message, scope.refer)}){${content}}${required ? "else return false;" : ""}`;
  };
  return [withText(check, text)];
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
  /** The same as expressions. */
  readonly texts: {
    read(message: string): string;
    isSet(message: string, refer: Refer): string;
  };
}

/** Reads a field as protobuf-es represents it, and whether it is set. */
function compileAccess(field: DescField): Access {
  const { localName, oneof } = field;
  if (oneof !== undefined) {
    const group = (message: Values) => message[oneof.localName] as { case?: string; value?: unknown };
    const groupText = property(oneof.localName);
    return {
      read: (message) => group(message).value,
      isSet: (message) => group(message).case === localName,
      texts: {
        read: (message) => `${message}${groupText}.value`,
        isSet: (message) => `${message}${groupText}.case===${literal(localName)}`,
      },
    };
  }
  const read = (message: Values) => message[localName];
  const readText = (message: string) => `${message}${property(localName)}`;
  const access = (isSet: Access["isSet"], isSetText: Access["texts"]["isSet"]): Access => ({
    read,
    isSet,
    texts: { read: readText, isSet: isSetText },
  });
  switch (field.fieldKind) {
    case "list":
      return access(
        (message) => (message[localName] as readonly unknown[]).length > 0,
        (message) => `${readText(message)}.length>0`,
      );
    case "map":
      return access(
        (message) => Object.keys(message[localName] as object).length > 0,
        (message) => `Object.keys(${readText(message)}).length>0`,
      );
  }
  if (field.presence !== implicit) {
    return access(
      (message) => message[localName] !== undefined && Object.hasOwn(message, localName),
      (message) => `${readText(message)}!==undefined&&Object.hasOwn(${message},${literal(localName)})`,
    );
  }
  return access(
    (message) => isFieldSet(message as never, field),
    (message, refer) => `${refer(isFieldSet)}(${message},${refer(field)})`,
  );
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
      return withExpression(
        (list) => length(list) >= size,
        (list) => `${list}.length>=${size}`,
      );
    case "maxItems":
      return withExpression(
        (list) => length(list) <= size,
        (list) => `${list}.length<=${size}`,
      );
    case "unique":
      if (field.message !== undefined || field.scalar === ScalarType.BYTES) return fallback;
      return (list) => new Set(list as readonly unknown[]).size === length(list);
  }
  return fallback;
}

function every(item: Check | undefined): Check | undefined {
  if (item === undefined) return undefined;
  const check: Check = (list) => {
    for (const one of list as readonly unknown[]) if (!item(one)) return false;
    return true;
  };
  return withText(check, (list, scope) => {
    const one = scope.variable();
    return `for(const ${one} of ${list}){${write(item, one, scope)}}`;
  });
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
