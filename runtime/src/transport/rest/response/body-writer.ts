import type { DescField, JsonObject, JsonValue } from "@bufbuild/protobuf";
import { scalarZeroValue } from "@bufbuild/protobuf/reflect";
import type { AnyMethod, HttpBinding } from "../../../cqrs/index.js";
import { PotterError } from "../../../errors/index.js";

/** Creates the writer of JSON bodies for one HTTP binding. Throws a PotterError if the binding does not fit the response. */
export function createBodyWriter({ response }: AnyMethod, { responseBody }: HttpBinding): (message: unknown) => string {
  if (responseBody === undefined) return (message) => response.toJsonText(message);
  const value = toResponseValue(response, responseBody);
  return (message) => JSON.stringify(value(message));
}

/** Creates the writer of ProtoJSON values for one HTTP binding, for other formats. */
export function createValueWriter(
  { response }: AnyMethod,
  { responseBody }: HttpBinding,
): (message: unknown) => JsonValue {
  return responseBody === undefined ? (message) => response.toJson(message) : toResponseValue(response, responseBody);
}

function toResponseValue(response: AnyMethod["response"], responseBody: string): (message: unknown) => JsonValue {
  const field = response.schema.fields.find((one) => one.name === responseBody);
  if (field === undefined) {
    const message = `its response_body "${responseBody}" is not a field of ${response.typeName}`;
    throw new PotterError("invalid_argument", message);
  }
  return (message) => {
    const json = (response.toJson(message) as JsonObject)[field.jsonName];
    return json === undefined ? toDefaultJson(field) : json;
  };
}

/** Returns a default value, which ProtoJSON leaves out of an object. */
function toDefaultJson(field: DescField): JsonValue {
  if (field.fieldKind === "list") return [];
  if (field.fieldKind === "map") return {};
  if (field.fieldKind === "message") return null;
  if (field.fieldKind === "enum") return field.enum.values[0]?.name ?? 0;
  const value: unknown = field.getDefaultValue() ?? scalarZeroValue(field.scalar, false);
  return typeof value === "bigint" ? String(value) : value instanceof Uint8Array ? "" : (value as JsonValue);
}
