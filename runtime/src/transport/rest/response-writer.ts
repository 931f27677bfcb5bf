import type { DescField, JsonObject, JsonValue } from "@bufbuild/protobuf";
import { scalarZeroValue } from "@bufbuild/protobuf/reflect";
import type { AnyMethod, HttpBinding } from "../../cqrs/index.js";

/** Writes the responses of one HTTP binding as JSON texts. Throws an error about a binding that does not fit its response. */
export function createResponseWriter(
  { response }: AnyMethod,
  { responseBody }: HttpBinding,
): (message: unknown) => string {
  if (responseBody === undefined) return (message) => response.toJsonText(message);
  const value = toResponseValue(response, responseBody);
  return (message) => JSON.stringify(value(message));
}

/** The responses of one HTTP binding as ProtoJSON values, for other formats. */
export function createValueWriter(
  { response }: AnyMethod,
  { responseBody }: HttpBinding,
): (message: unknown) => JsonValue {
  return responseBody === undefined ? (message) => response.toJson(message) : toResponseValue(response, responseBody);
}

function toResponseValue(response: AnyMethod["response"], responseBody: string): (message: unknown) => JsonValue {
  const field = response.schema.fields.find((one) => one.name === responseBody);
  if (field === undefined)
    throw new Error(`its response_body "${responseBody}" is not a field of ${response.typeName}`);
  return (message) => {
    const json = (response.toJson(message) as JsonObject)[field.jsonName];
    return json === undefined ? toDefaultJson(field) : json;
  };
}

/** What ProtoJSON leaves out, since it is what a reader assumes. */
function toDefaultJson(field: DescField): JsonValue {
  if (field.fieldKind === "list") return [];
  if (field.fieldKind === "map") return {};
  if (field.fieldKind === "message") return null;
  if (field.fieldKind === "enum") return field.enum.values[0]?.name ?? 0;
  const value: unknown = field.getDefaultValue() ?? scalarZeroValue(field.scalar, false);
  return typeof value === "bigint" ? String(value) : value instanceof Uint8Array ? "" : (value as JsonValue);
}
