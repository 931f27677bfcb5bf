import type { OpenApiValue } from "./document.js";

/** A schema and where it is in its document. */
export interface PlacedSchema {
  /** A JSON pointer (RFC 6901) as a URI fragment. */
  readonly pointer: string;
  readonly schema: object;
}

/** What is data of the API's user, and may hold anything. */
const data = new Set(["example", "examples", "default", "value"]);

/** All schemas of a document: the components, and those in parameters, headers and media types. Not those within others. */
export function listSchemas(document: OpenApiValue): readonly PlacedSchema[] {
  const { components = {}, ...rest } = document;
  const { schemas = {}, ...others } = components;
  return [
    ...Object.entries(schemas).map(([name, schema]) => ({ pointer: `/components/schemas/${toStep(name)}`, schema })),
    ...findSchemas(rest, ""),
    ...findSchemas(others, "/components"),
  ];
}

function findSchemas(value: unknown, pointer: string): readonly PlacedSchema[] {
  if (typeof value !== "object" || value === null) return [];
  return Object.entries(value).flatMap(([key, child]: [string, unknown]) => {
    const below = `${pointer}/${toStep(key)}`;
    if (data.has(key)) return [];
    return key === "schema" || key === "itemSchema"
      ? [{ pointer: below, schema: child as object }]
      : findSchemas(child, below);
  });
}

function toStep(key: string): string {
  return encodeURIComponent(key.replaceAll("~", "~0").replaceAll("/", "~1"));
}
