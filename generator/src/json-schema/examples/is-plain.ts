import type { Schema } from "../keywords/index.js";
import { checkValue, type Resolve } from "./check-value.js";

/** Keywords that tools which make up values read in part, or by chance. */
const hard = ["pattern", "anyOf", "oneOf", "allOf", "not", "propertyNames", "const"];

/** How deep a made up value goes, and of how many parts it is: beyond that it is nothing to show, and types may lead on for ever. */
const [mostDepth, mostParts] = [40, 2000];

/** What is left of a value that is made up: references that lead to this place, and parts. */
interface Room {
  readonly within: ReadonlySet<string>;
  readonly parts: { left: number };
}

/** Whether a schema is so plain that a value of it can be made up of its types alone: texts, zeros and all of its fields. */
export function isPlain(schema: Schema, resolve: Resolve): boolean {
  const value = makeUp(schema, resolve, { within: new Set(), parts: { left: mostParts } });
  return value !== undefined && checkValue(schema, value, resolve) === undefined;
}

const values: ReadonlyMap<string, unknown> = new Map<string, unknown>([
  ["string", "string"],
  ["boolean", true],
]);

/** Undefined where types alone do not do. */
function makeUp(schema: Schema, resolve: Resolve, room: Room): unknown {
  const { within, parts } = room;
  const { $ref, type, properties, items, additionalProperties } = schema;
  if (--parts.left < 0 || within.size > mostDepth) return undefined;
  if ($ref !== undefined) {
    const target = resolve($ref);
    if (target === undefined || within.has($ref)) return undefined;
    return makeUp(target, resolve, { within: new Set([...within, $ref]), parts });
  }
  if (hard.some((keyword) => keyword in schema) || Array.isArray(type)) return undefined;
  if (schema.enum !== undefined) return schema.enum[0];
  if (type === "array") {
    const item = makeUp((items ?? {}) as Schema, resolve, room);
    return item === undefined ? undefined : [item];
  }
  if (type === "integer" || type === "number") return schema.minimum ?? 0;
  if (type !== "object") return values.get(String(type));
  if (typeof additionalProperties === "object" && makeUp(additionalProperties as Schema, resolve, room) === undefined)
    return undefined;
  const value: Record<string, unknown> = {};
  for (const [name, one] of Object.entries((properties ?? {}) as Record<string, Schema>)) {
    value[name] = makeUp(one, resolve, room);
    if (value[name] === undefined) return undefined;
  }
  return value;
}
