import type { Schema } from "../../json-schema/index.js";

/** Translates a schema to JSON Schema draft-07, which AsyncAPI uses and which ignores siblings of a reference. */
export function toDraft07(schema: Schema): Schema {
  const { $ref, ...rest } = walk(schema);
  if ($ref === undefined) return rest;
  return Object.keys(rest).length === 0
    ? { $ref }
    : { ...rest, allOf: [{ $ref }, ...((rest["allOf"] as Schema[]) ?? [])] };
}

/** Keywords whose value is a schema, or a list of schemas. */
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
