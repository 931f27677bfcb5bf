import type { oas32 } from "openapi3-ts";
import type { Schema, Schemas } from "../../../json-schema/index.js";
import type { HttpBindingModel, MethodModel } from "../../../model/index.js";
import { standaloneSchema } from "./standalone-schema.js";

/** Builds the request body; undefined if there is none. `bound`: the fields in the path. */
export function buildRequestBody(
  { desc, update }: MethodModel,
  { method, body }: HttpBindingModel,
  bound: readonly (readonly string[])[],
  schemas: Schemas,
): oas32.RequestBodyObject | undefined {
  if (body === undefined) return undefined;
  const patch = method === "PATCH" ? update : undefined;
  if (body === "*") {
    if (desc.input.typeName === "google.api.HttpBody") return { required: true, content: { "*/*": {} } };
    const schema =
      bound.length === 0
        ? schemas.message(desc.input, "input")
        : schemas.message(desc.input, "input", { without: bound });
    return { ...(hasRequiredFields(schema, desc.input.fields.length) && { required: true }), ...json(schema) };
  }
  const field = desc.input.fields.find(({ name }) => name === body);
  if (field === undefined) return undefined;
  if (field.fieldKind !== "message")
    return { required: true, ...json(standaloneSchema(field, schemas.referencesOf("input"))) };
  if (field.message.typeName === "google.api.HttpBody") return { required: true, content: { "*/*": {} } };
  const within = bound.filter(([name, ...rest]) => name === body && rest.length > 0).map(([, ...rest]) => rest);
  const partial = patch?.resource === field;
  if (within.length === 0 && !partial) {
    return { required: true, ...json(standaloneSchema(field, schemas.referencesOf("input"))) };
  }
  return { required: true, ...json(schemas.message(field.message, "input", { without: within, partial })) };
}

/** An empty body is an empty message, so the body is required only if the message has required fields. */
function hasRequiredFields(schema: Schema, fields: number): boolean {
  return fields > 0 && (schema.$ref !== undefined || (schema.required ?? []).length > 0);
}

function json(schema: Schema): { readonly content: oas32.ContentObject } {
  return { content: { "application/json": { schema } } };
}
