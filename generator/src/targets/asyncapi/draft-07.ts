import type { Schema } from "../../json-schema/index.js";

/** A schema as draft-07 of JSON Schema reads it, which is what AsyncAPI has: nothing counts beside a reference. */
export function toDraft07(schema: Schema): Schema {
  const { $ref, ...rest } = walk(schema);
  if ($ref === undefined) return rest;
  return Object.keys(rest).length === 0
    ? { $ref }
    : { ...rest, allOf: [{ $ref }, ...((rest["allOf"] as Schema[]) ?? [])] };
}

/** Keywords that hold schemas: one, a list of them, or some by name. */
const single = ["items", "not", "additionalProperties", "propertyNames"];
const several = ["allOf", "anyOf", "oneOf"];

function walk(schema: Schema): Schema {
  return Object.fromEntries(
    Object.entries(schema).map(([keyword, value]) => {
      if (single.includes(keyword) && typeof value === "object") return [keyword, toDraft07(value as Schema)];
      if (several.includes(keyword)) return [keyword, (value as Schema[]).map(toDraft07)];
      if (keyword === "properties") {
        const entries = Object.entries(value as Record<string, Schema | boolean>);
        const rewritten = entries.map(([name, one]) => [name, typeof one === "boolean" ? one : toDraft07(one)]);
        return [keyword, Object.fromEntries(rewritten)];
      }
      return [keyword, value];
    }),
  );
}
