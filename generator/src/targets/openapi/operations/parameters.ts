import type { DescField, DescMessage } from "@bufbuild/protobuf";
import type { oas32 } from "openapi3-ts";
import { describe, type References, type Schema } from "../../../json-schema/index.js";
import type { PathParameter } from "./path.js";
import { hasParameters, isText, textSchema } from "./text-parameters.js";

type Parameter = oas32.ParameterObject;

type Annotations = Pick<Parameter, "description" | "deprecated" | "example">;

/** The parameter for a variable part of a path. */
export function pathParameter(request: DescMessage, parameter: PathParameter, references: References): Parameter {
  const { name, field, whole, several, template } = parameter;
  const bound = field && findField(request, field);
  const split = whole && bound ? splitSchema(bound, references) : undefined;
  const notes = [
    ...(!whole && field !== undefined ? [`A part of \`${field.join(".")}\`, which is \`${template}\`.`] : []),
    ...(several ? ["It may hold slashes."] : []),
  ];
  const { description, ...annotations } = split?.annotations ?? {};
  return {
    name,
    in: "path",
    required: true,
    ...describe(description, notes),
    ...annotations,
    schema: split?.schema ?? { type: "string" },
  };
}

/**
 * The maximum depth of a field path. REST accepts deeper ones, but messages that branch at each level have too many
 * to list.
 */
const deepest = 10;

/** Parameters for the request fields that are neither in the path nor in the body. */
export function queryParameters(
  request: DescMessage,
  taken: readonly (readonly string[])[],
  references: References,
): Parameter[] {
  const walk = (message: DescMessage, prefix: readonly DescField[]): Parameter[] =>
    message.fields.flatMap((field) => {
      const path = [...prefix, field];
      const { readOnly } = references.facts.field(field);
      if (references.audience.hidesField(field) || readOnly === true || isTaken(path, taken)) return [];
      if (isText(field)) return [queryParameter(path, references)];
      // A recursive message has infinitely many parameters.
      if (field.fieldKind !== "message" || prefix.some((one) => one.message === field.message)) return [];
      if (path.length === deepest) return [];
      return field.message === request || !hasParameters(field.message) ? [] : walk(field.message, path);
    });
  return walk(request, []);
}

function isTaken(path: readonly DescField[], taken: readonly (readonly string[])[]): boolean {
  return taken.some((one) => one.length <= path.length && one.every((name, at) => path[at]?.name === name));
}

function queryParameter(path: readonly DescField[], references: References): Parameter {
  const field = path.at(-1) as DescField;
  const { schema, annotations, required } = splitSchema(field, references);
  return {
    // A dot in a JSON name would look like a nested field. REST also accepts the proto name.
    name: path.map(({ jsonName, name }) => (jsonName.includes(".") ? name : jsonName)).join("."),
    in: "query",
    ...(required && path.length === 1 && { required }),
    ...annotations,
    ...(field.fieldKind === "map" && { style: "deepObject" as const, explode: true }),
    schema,
  };
}

/** Moves the annotations of a schema to its parameter. */
function splitSchema(
  field: DescField,
  references: References,
): { readonly schema: Schema; readonly annotations: Annotations; readonly required: boolean } {
  const { schema: whole, required } = textSchema(field, references);
  const { description, deprecated, readOnly: _read, writeOnly: _write, examples, ...schema } = whole;
  const example = (examples as readonly unknown[] | undefined)?.[0];
  const annotations: Annotations = {
    ...(description !== undefined && { description }),
    ...(deprecated === true && { deprecated }),
    ...(example !== undefined && { example }),
  };
  return { schema, annotations, required };
}

function findField(request: DescMessage, path: readonly string[]): DescField | undefined {
  let message: DescMessage | undefined = request;
  let field: DescField | undefined;
  for (const name of path) {
    field = message?.fields.find((one) => one.name === name);
    message = field?.message;
  }
  return field;
}
