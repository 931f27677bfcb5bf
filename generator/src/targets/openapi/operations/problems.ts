import { toStatus } from "@potter/runtime/codegen/statuses";
import type { Schema, Schemas } from "../../../json-schema/index.js";
import type { ErrorModel, FieldFacts } from "../../../model/index.js";

/** The properties of a problem, and the required ones. */
const properties: Readonly<Record<string, Schema>> = {
  type: { type: "string", description: "`about:blank`, or `urn:proto:` and the full name of a declared error." },
  title: { type: "string" },
  status: { type: "integer", format: "int32", minimum: 400, maximum: 599 },
  detail: { type: "string", description: "What went wrong this time." },
  instance: { type: "string", description: "The path of the request." },
  code: { type: "string", description: "The canonical code, in lower case: `failed_precondition`." },
  correlationId: { type: "string", description: "Identifies the call in the logs of the service." },
  violations: {
    type: "array",
    description: "What is wrong with the request, field by field.",
    items: {
      type: "object",
      properties: {
        in: { type: "string", enum: ["body", "path", "query"] },
        field: {
          type: "string",
          description: "In the body a JSON Pointer, empty for the body as a whole; else the name of the parameter.",
        },
        rule: { type: "string", description: "The rule that is broken: `string.min_len`." },
        message: { type: "string" },
      },
      required: ["in", "field", "rule", "message"],
    },
  },
};
const required = ["type", "title", "status", "code"];

/** The body of every error response (RFC 9457). Its component name is not a valid proto name, so it cannot collide. */
export function problemSchema(schemas: Schemas): Schema {
  return schemas.add("problem-details", () => ({
    title: "ProblemDetails",
    description: "A problem in RFC 9457 format.",
    type: "object",
    properties,
    required,
  }));
}

/**
 * The body of a response with a declared error, without its personal fields. It repeats the properties of every
 * problem, since client generators drop a schema in which two parts define one property.
 */
export function declaredProblemSchema(
  schemas: Schemas,
  { desc, code }: ErrorModel,
  personal: FieldFacts["personal"],
): Schema {
  return schemas.add(`${desc.typeName}-problem`, () => {
    const shape = { without: desc.fields.filter((field) => personal.has(field)).map(({ name }) => [name]) };
    const {
      title,
      description,
      properties: fields,
      required: requiredFields = [],
      ...error
    } = schemas.message(desc, "output", shape);
    return {
      title: `${title}Problem`,
      ...(description !== undefined && { description }),
      type: "object",
      properties: {
        ...properties,
        type: { type: "string", const: `urn:proto:${desc.typeName}` },
        status: { type: "integer", const: toStatus(code as never) },
        code: { type: "string", const: code },
        error: {
          ...error,
          properties: { "@type": { type: "string", const: desc.typeName }, ...fields },
          required: ["@type", ...requiredFields],
        },
      },
      required: [...required, "error"],
    };
  });
}
