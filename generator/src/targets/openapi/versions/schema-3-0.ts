type Schema = { readonly [keyword: string]: unknown };

/**
 * Translates a schema to the dialect of OpenAPI 3.0, which predates JSON Schema 2020-12: `nullable` for null, `enum`
 * for const, flags for exclusive bounds, and no siblings of a reference.
 */
export function toSchema30(schema: object): Schema {
  const { $ref, ...siblings } = schema as Schema;
  const rest = keywords(siblings);
  if ($ref === undefined) return rest;
  return Object.keys(rest).length === 0 ? { $ref } : { ...rest, allOf: [{ $ref }, ...((rest["allOf"] as []) ?? [])] };
}

function keywords(schema: Schema): Schema {
  const result: [string, unknown][] = [];
  for (const [keyword, value] of Object.entries(schema)) result.push(...rewrite(keyword, value, schema));
  return withoutNull(Object.fromEntries(result));
}

function rewrite(keyword: string, value: unknown, schema: Schema): [string, unknown][] {
  switch (keyword) {
    case "const":
      return [["enum", [value]], ...typeOf(value, schema)];
    case "type":
      return Array.isArray(value) ? toNullable(value) : [[keyword, value]];
    case "exclusiveMinimum":
      return [
        ["minimum", value],
        ["exclusiveMinimum", true],
      ];
    case "exclusiveMaximum":
      return [
        ["maximum", value],
        ["exclusiveMaximum", true],
      ];
    case "examples":
      return [["example", (value as readonly unknown[])[0]]];
    case "contentEncoding":
      return [["format", "byte"]];
    // OpenAPI 3.0 has no equivalent.
    case "propertyNames":
    case "contentMediaType":
    case "contentSchema":
      return [];
    case "properties":
      return [[keyword, mapValues(value as object)]];
    case "items":
    case "not":
      return [[keyword, toSchema30(value as object)]];
    case "additionalProperties":
      return [[keyword, typeof value === "object" && value !== null ? toSchema30(value) : value]];
    case "allOf":
    case "anyOf":
    case "oneOf":
      return [[keyword, (value as readonly object[]).map(toSchema30)]];
    default:
      return [[keyword, value]];
  }
}

function typeOf(value: unknown, schema: Schema): [string, unknown][] {
  if (schema["type"] !== undefined || typeof value === "object") return [];
  return [["type", typeof value]];
}

function toNullable(types: readonly unknown[]): [string, unknown][] {
  const [type] = types.filter((one) => one !== "null");
  return [
    ["type", type],
    ["nullable", true],
  ];
}

/** Only null. `nullable` requires a type, whichever it is; Orval generates broken clients for most others. */
const nothing: Schema = { type: "boolean", nullable: true, enum: [null] };

/** OpenAPI 3.0 has no null type: a nullable type is marked, and elsewhere null is one of the alternatives. */
function withoutNull(schema: Schema): Schema {
  const { type, anyOf, ...rest } = schema;
  if (type === "null") return { ...rest, ...nothing };
  const branches = anyOf as readonly Schema[] | undefined;
  if (branches?.some(isNull) !== true) return schema;
  const left = branches.filter((one) => !isNull(one));
  const [only] = left;
  const typed = left.length === 1 && only?.["type"] !== undefined && only["enum"] === undefined;
  return typed ? { ...rest, ...only, nullable: true } : { ...rest, anyOf: [...left, nothing] };
}

function isNull(schema: Schema): boolean {
  return schema["nullable"] === true && (schema["enum"] as readonly unknown[] | undefined)?.[0] === null;
}

function mapValues(object: object): Schema {
  return Object.fromEntries(Object.entries(object).map(([name, value]) => [name, toSchema30(value as object)]));
}
