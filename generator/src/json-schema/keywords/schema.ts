import type { oas32 } from "openapi3-ts";

/** A schema of JSON Schema 2020-12, in the words that OpenAPI 3.1 and 3.2 share with it. A reference may have siblings. */
export type Schema = oas32.SchemaObjectValue;

/** Satisfied by what satisfies any of them. */
export function anyOf(schemas: readonly Schema[]): Schema {
  const [first = {}, ...more] = schemas;
  return more.length === 0 ? first : { anyOf: [...schemas] };
}

/** One schema where no two parts use the same keyword. */
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
