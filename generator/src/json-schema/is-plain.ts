import { checkValue, type Resolve } from "./check-value.js";
import type { Schema } from "./schema.js";

/** Keywords that tools which make up values read in part, or by chance. */
const hard = ["pattern", "anyOf", "oneOf", "allOf", "not", "propertyNames", "const"];

/** Whether a schema is so plain that a value of it can be made up of its types alone: texts, zeros and all of its fields. */
export function isPlain(schema: Schema, resolve: Resolve): boolean {
  const value = makeUp(schema, resolve, new Set());
  return value !== undefined && checkValue(schema, value, resolve) === undefined;
}

const values: ReadonlyMap<string, unknown> = new Map<string, unknown>([
  ["string", "string"],
  ["boolean", true],
]);

/** Undefined where types alone do not do. */
function makeUp(schema: Schema, resolve: Resolve, within: ReadonlySet<string>): unknown {
  const { $ref, type, properties, items, additionalProperties } = schema;
  if ($ref !== undefined) {
    const target = resolve($ref);
    return target === undefined || within.has($ref) ? undefined : makeUp(target, resolve, new Set([...within, $ref]));
  }
  if (hard.some((keyword) => keyword in schema) || Array.isArray(type)) return undefined;
  if (schema.enum !== undefined) return schema.enum[0];
  if (type === "array") {
    const item = makeUp((items ?? {}) as Schema, resolve, within);
    return item === undefined ? undefined : [item];
  }
  if (type === "integer" || type === "number") return schema.minimum ?? 0;
  if (type !== "object") return values.get(String(type));
  if (typeof additionalProperties === "object" && makeUp(additionalProperties as Schema, resolve, within) === undefined)
    return undefined;
  const value: Record<string, unknown> = {};
  for (const [name, one] of Object.entries((properties ?? {}) as Record<string, Schema>)) {
    value[name] = makeUp(one, resolve, within);
    if (value[name] === undefined) return undefined;
  }
  return value;
}
