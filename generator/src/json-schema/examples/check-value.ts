import type { Schema } from "../keywords/index.js";

/** Finds the schema that a reference names. */
export type Resolve = (reference: string) => Schema | undefined;

/**
 * Validates a value against a schema. Returns the first error with its location, `/lines/0/sku: pattern`, or
 * undefined. Supports the keywords that Potter generates; formats are not checked.
 */
export function checkValue(schema: Schema, value: unknown, resolve: Resolve, place = ""): string | undefined {
  const { $ref } = schema;
  const target = $ref === undefined ? undefined : resolve($ref);
  const inner = target && checkValue(target, value, resolve, place);
  if (inner !== undefined) return inner;
  const fits = (one: Schema) => checkValue(one, value, resolve, place) === undefined;
  const { allOf = [], anyOf, oneOf, not } = schema as Record<"allOf" | "anyOf" | "oneOf", Schema[]> & { not?: Schema };
  for (const one of allOf) {
    const complaint = checkValue(one, value, resolve, place);
    if (complaint !== undefined) return complaint;
  }
  const broken =
    checkAny(schema, value) ??
    (anyOf?.some(fits) === false ? "anyOf" : undefined) ??
    (oneOf !== undefined && oneOf.filter(fits).length !== 1 ? "oneOf" : undefined) ??
    (not !== undefined && fits(not) ? "not" : undefined) ??
    (typeof value === "string" ? checkText(schema, value) : undefined) ??
    (typeof value === "number" ? checkNumber(schema, value) : undefined);
  if (broken !== undefined) return `${place === "" ? "/" : place}: ${broken}`;
  if (Array.isArray(value)) return checkArray(schema, value, resolve, place);
  return isObject(value) ? checkObject(schema, value, resolve, place) : undefined;
}

function checkAny({ type, const: only, enum: some }: Schema, value: unknown): string | undefined {
  const types = type === undefined ? [] : [type].flat();
  if (types.length > 0 && !types.some((one) => isOfType(one, value))) return "type";
  if (only !== undefined && !isSame(only, value)) return "const";
  return some !== undefined && !some.some((one: unknown) => isSame(one, value)) ? "enum" : undefined;
}

function isOfType(type: string, value: unknown): boolean {
  if (type === "null") return value === null;
  if (type === "array") return Array.isArray(value);
  if (type === "object") return isObject(value);
  return type === "integer" ? Number.isInteger(value) : typeof value === type;
}

function checkText({ minLength = 0, maxLength, pattern }: Schema, value: string): string | undefined {
  const { length } = [...value];
  if (length < minLength) return "minLength";
  if (maxLength !== undefined && length > maxLength) return "maxLength";
  return pattern !== undefined && !new RegExp(pattern, "u").test(value) ? "pattern" : undefined;
}

function checkNumber(schema: Schema, value: number): string | undefined {
  const { minimum, maximum, exclusiveMinimum, exclusiveMaximum, multipleOf } = schema;
  if (minimum !== undefined && value < minimum) return "minimum";
  if (maximum !== undefined && value > maximum) return "maximum";
  if (exclusiveMinimum !== undefined && value <= exclusiveMinimum) return "exclusiveMinimum";
  if (exclusiveMaximum !== undefined && value >= exclusiveMaximum) return "exclusiveMaximum";
  return multipleOf !== undefined && !Number.isInteger(value / multipleOf) ? "multipleOf" : undefined;
}

function checkArray(schema: Schema, value: readonly unknown[], resolve: Resolve, place: string): string | undefined {
  const { items, minItems = 0, maxItems, uniqueItems } = schema;
  const here = place === "" ? "/" : place;
  if (value.length < minItems) return `${here}: minItems`;
  if (maxItems !== undefined && value.length > maxItems) return `${here}: maxItems`;
  if (uniqueItems === true && new Set(value.map((one) => JSON.stringify(one))).size < value.length)
    return `${here}: uniqueItems`;
  if (!isObject(items)) return undefined;
  return first(value.entries(), ([at, one]) => checkValue(items as Schema, one, resolve, `${place}/${at}`));
}

function checkObject(
  schema: Schema,
  value: Readonly<Record<string, unknown>>,
  resolve: Resolve,
  place: string,
): string | undefined {
  const { properties = {}, required = [], additionalProperties, propertyNames } = schema;
  const { minProperties = 0, maxProperties } = schema;
  const here = place === "" ? "/" : place;
  const missing = required.find((name: string) => !Object.hasOwn(value, name));
  if (missing !== undefined) return `${here}: required ${missing}`;
  const entries = Object.entries(value);
  if (entries.length < minProperties) return `${here}: minProperties`;
  if (maxProperties !== undefined && entries.length > maxProperties) return `${here}: maxProperties`;
  return first(entries, ([name, one]) => {
    const at = `${place}/${name}`;
    if (isObject(propertyNames) && checkValue(propertyNames as Schema, name, resolve) !== undefined)
      return `${at}: propertyNames`;
    const own = Object.hasOwn(properties, name) ? (properties[name] as Schema | boolean) : additionalProperties;
    if (own === false) return `${at}: not allowed`;
    return isObject(own) ? checkValue(own as Schema, one, resolve, at) : undefined;
  });
}

function first<T>(items: Iterable<T>, check: (item: T) => string | undefined): string | undefined {
  for (const item of items) {
    const complaint = check(item);
    if (complaint !== undefined) return complaint;
  }
  return undefined;
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function isSame(a: unknown, b: unknown): boolean {
  return a === b || (typeof a === "object" && JSON.stringify(a) === JSON.stringify(b));
}
