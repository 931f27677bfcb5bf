import type { oas32 } from "openapi3-ts";

type Schema = oas32.SchemaObjectValue;

const methods = ["get", "put", "post", "delete", "options", "head", "patch", "trace"] as const;

/**
 * Lists the operations of a document, one line each: `POST /v1/books/{book} ?page token <name title`. Query parameters follow `?`,
 * fields of the body, or its type, follow `<`, both ordered by name. Path parameters that do not occur in the path follow `!`.
 */
export function listOperations({ paths = {}, components }: oas32.OpenAPIObject): string[] {
  const resolve = (schema: Schema): Schema => {
    const name = schema.$ref?.slice("#/components/schemas/".length);
    return name === undefined ? schema : ((components?.schemas?.[name] ?? {}) as Schema);
  };
  return Object.entries(paths).flatMap(([path, item]) =>
    methods.flatMap((method) => {
      const operation = item[method];
      return operation === undefined ? [] : [`${method.toUpperCase()} ${path}${describe(path, operation, resolve)}`];
    }),
  );
}

function describe(path: string, operation: oas32.OperationObject, resolve: (schema: Schema) => Schema): string {
  const parameters = (operation.parameters ?? []).filter((one): one is oas32.ParameterObject => "in" in one);
  const named = (place: string) => parameters.filter((one) => one.in === place).map(({ name }) => name);
  const inPath = Array.from(path.matchAll(/\{(.*?)\}/g), ([, name = ""]) => name);
  const stray = named("path").join() === inPath.join() ? [] : named("path");
  const body = operation.requestBody as oas32.RequestBodyObject | undefined;
  const media = body?.content["application/json"] as oas32.MediaTypeObject | undefined;
  const schema = media?.schema as Schema | undefined;
  return words("!", stray) + words("?", named("query").sort()) + words("<", schema ? listFields(schema, resolve) : []);
}

function words(sign: string, names: readonly string[]): string {
  return names.length === 0 ? "" : ` ${sign}${names.join(" ")}`;
}

/** Lists field names, with nested fields after a dot; `nothing` for an object without fields. */
function listFields(schema: Schema, resolve: (schema: Schema) => Schema): string[] {
  const { properties, type } = resolve(schema);
  if (type !== "object") return [String(type)];
  const names = Object.entries((properties ?? {}) as Record<string, Schema>).flatMap(([name, own]) =>
    own.properties === undefined ? [name] : Object.keys(own.properties).map((inner) => `${name}.${inner}`),
  );
  return names.length === 0 ? ["nothing"] : names.sort();
}
