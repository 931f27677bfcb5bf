type Schema = { readonly [keyword: string]: unknown };

const ofOne: readonly string[] = ["items", "not", "additionalProperties"];
const ofSeveral: readonly string[] = ["allOf", "anyOf", "oneOf"];
const known: readonly string[] = [
  ...["type", "format", "enum", "pattern", "minLength", "maxLength", "minimum", "maximum", "multipleOf"],
  ...["minItems", "maxItems", "uniqueItems", "minProperties", "maxProperties", "required"],
];

/**
 * Converts a schema of OpenAPI 3.0.3 to JSON Schema 2020-12: by the letter of the specification, not by the intent of
 * ours. Keywords next to a reference are ignored; `nullable` adds null to the type in the same schema, and to
 * nothing else; keywords that the version does not have are ignored.
 */
export function from30(schema: object): Schema {
  const { $ref, nullable, type, ...rest } = schema as Schema;
  if ($ref !== undefined) return { $ref };
  const result: Record<string, unknown> = {};
  if (type !== undefined) result["type"] = nullable === true ? [type, "null"] : type;
  for (const [keyword, value] of Object.entries(rest)) {
    if (keyword === "properties") result[keyword] = mapValues(value as object);
    else if (ofOne.includes(keyword)) result[keyword] = typeof value === "object" ? from30(value as object) : value;
    else if (ofSeveral.includes(keyword)) result[keyword] = (value as readonly object[]).map(from30);
    else if (known.includes(keyword)) result[keyword] = value;
  }
  for (const [flag, bound] of [
    ["exclusiveMinimum", "minimum"],
    ["exclusiveMaximum", "maximum"],
  ] as const) {
    if (rest[flag] !== true) continue;
    result[flag] = rest[bound];
    delete result[bound];
  }
  return result;
}

function mapValues(object: object): Schema {
  return Object.fromEntries(Object.entries(object).map(([name, value]) => [name, from30(value as object)]));
}
