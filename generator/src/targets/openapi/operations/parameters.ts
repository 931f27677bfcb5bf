import type { DescField, DescMessage } from "@bufbuild/protobuf";
import type { oas32 } from "openapi3-ts";
import { describe, type References, type Schema } from "../../../json-schema/index.js";
import type { PathParameter } from "./path.js";
import { hasParameters, isText, textSchema } from "./text-parameters.js";

type Parameter = oas32.ParameterObject;

type Words = Pick<Parameter, "description" | "deprecated" | "example">;

/** The parameter for a part of a path. */
export function pathParameter(request: DescMessage, parameter: PathParameter, references: References): Parameter {
  const { name, field, whole, several, template } = parameter;
  const bound = field && findField(request, field);
  const split = whole && bound ? splitSchema(bound, references) : undefined;
  const notes = [
    ...(!whole && field !== undefined ? [`A part of \`${field.join(".")}\`, which is \`${template}\`.`] : []),
    ...(several ? ["It may hold slashes."] : []),
  ];
  const { description, ...words } = split?.words ?? {};
  return {
    name,
    in: "path",
    required: true,
    ...describe(description, notes),
    ...words,
    schema: split?.schema ?? { type: "string" },
  };
}

/** The longest path of a parameter. REST reads longer ones, but messages that branch at each level have too many to list. */
const deepest = 10;

/** Parameters for the fields of a request that are neither in its path nor in its body. */
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
      // A message within itself has no last parameter.
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
  const { schema, words, required } = splitSchema(field, references);
  return {
    // A dot in a JSON name would read as a field within a field; REST knows the proto name too.
    name: path.map(({ jsonName, name }) => (jsonName.includes(".") ? name : jsonName)).join("."),
    in: "query",
    ...(required && path.length === 1 && { required }),
    ...words,
    ...(field.fieldKind === "map" && { style: "deepObject" as const, explode: true }),
    schema,
  };
}

/** What is said of a parameter stands beside its schema. */
function splitSchema(
  field: DescField,
  references: References,
): { readonly schema: Schema; readonly words: Words; readonly required: boolean } {
  const { schema: whole, required } = textSchema(field, references);
  const { description, deprecated, readOnly: _read, writeOnly: _write, examples, ...schema } = whole;
  const example = (examples as readonly unknown[] | undefined)?.[0];
  const words: Words = {
    ...(description !== undefined && { description }),
    ...(deprecated === true && { deprecated }),
    ...(example !== undefined && { example }),
  };
  return { schema, words, required };
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
