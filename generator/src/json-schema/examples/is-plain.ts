import type { Schema } from "../keywords/index.js";
import { checkValue, type Resolve } from "./check-value.js";

/** Keywords that tools ignore, in part or entirely, when they generate example values. */
const hard = ["pattern", "anyOf", "oneOf", "allOf", "not", "propertyNames", "const"];

/**
 * The maximum depth and size of a generated value. Larger values are useless as examples, and types may be recursive.
 */
const [mostDepth, mostParts] = [40, 2000];

/** The path of references to the current position, and the remaining size. */
interface Progress {
  readonly within: ReadonlySet<string>;
  readonly parts: { left: number };
}

/** Whether a valid value follows from types alone: placeholder strings, zeros and all fields. */
export function isPlain(schema: Schema, resolve: Resolve): boolean {
  const value = generate(schema, resolve, { within: new Set(), parts: { left: mostParts } });
  return value !== undefined && checkValue(schema, value, resolve) === undefined;
}

const values: ReadonlyMap<string, unknown> = new Map<string, unknown>([
  ["string", "string"],
  ["boolean", true],
]);

/** Undefined if types alone are not enough. */
function generate(schema: Schema, resolve: Resolve, progress: Progress): unknown {
  const { within, parts } = progress;
  const { $ref, type, properties, items, additionalProperties } = schema;
  if (--parts.left < 0 || within.size > mostDepth) return undefined;
  if ($ref !== undefined) {
    const target = resolve($ref);
    if (target === undefined || within.has($ref)) return undefined;
    return generate(target, resolve, { within: new Set([...within, $ref]), parts });
  }
  if (hard.some((keyword) => keyword in schema) || Array.isArray(type)) return undefined;
  if (schema.enum !== undefined) return schema.enum[0];
  if (type === "array") {
    const item = generate((items ?? {}) as Schema, resolve, progress);
    return item === undefined ? undefined : [item];
  }
  if (type === "integer" || type === "number") return schema.minimum ?? 0;
  if (type !== "object") return values.get(String(type));
  if (
    typeof additionalProperties === "object" &&
    generate(additionalProperties as Schema, resolve, progress) === undefined
  )
    return undefined;
  const value: Record<string, unknown> = {};
  for (const [name, one] of Object.entries((properties ?? {}) as Record<string, Schema>)) {
    value[name] = generate(one, resolve, progress);
    if (value[name] === undefined) return undefined;
  }
  return value;
}
