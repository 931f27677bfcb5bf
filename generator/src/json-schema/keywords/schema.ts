import type { oas32 } from "openapi3-ts";

/** A schema of JSON Schema 2020-12, with the types of OpenAPI 3.1 and 3.2. References may have siblings. */
export type Schema = oas32.SchemaObjectValue;

/** A schema that accepts what any of the schemas accepts. */
export function anyOf(schemas: readonly Schema[]): Schema {
  const [first = {}, ...more] = schemas;
  return more.length === 0 ? first : { anyOf: [...schemas] };
}

/** Merges schemas that must all hold. Conflicting parts go into `allOf`. */
export function mergeParts(base: Schema, parts: readonly Schema[]): Schema {
  const merged: Schema = { ...base };
  const rest: Schema[] = [];
  for (const part of parts) {
    if (Object.keys(part).some((keyword) => keyword in merged && !isSame(merged[keyword], part[keyword])))
      rest.push(part);
    else Object.assign(merged, part);
  }
  return rest.length === 0 ? merged : { ...merged, allOf: rest };
}

function isSame(a: unknown, b: unknown): boolean {
  return a === b && typeof a !== "object";
}
