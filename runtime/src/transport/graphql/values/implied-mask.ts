import type { DescField, DescMessage, JsonObject, JsonValue } from "@bufbuild/protobuf";
import type { AnyMethod } from "../../../cqrs/index.js";
import { PotterError } from "../../../errors/index.js";

/**
 * Compiles a function that sets the update mask of a request without one to the fields that were sent (AIP-134), including
 * nulls. Fields in the path of the HTTP binding identify the resource and are excluded. undefined: the method has no mask.
 */
export function compileImpliedMask({ request, updateMask, http }: AnyMethod): ((json: JsonObject) => void) | undefined {
  if (updateMask === undefined) return undefined;
  const find = (name: string) => request.schema.fields.find((field) => field.name === name);
  const mask = find(updateMask.mask);
  const resource = find(updateMask.resource);
  if (mask === undefined || resource?.message === undefined) return undefined;
  const schema: DescMessage = resource.message;
  const prefix = `${resource.name}.`;
  const bound = new Set(
    http
      .flatMap(({ segments }) => segments.flatMap((segment) => (typeof segment === "object" ? [segment.field] : [])))
      .flatMap((field) => (field.startsWith(prefix) ? [field.slice(prefix.length)] : [])),
  );
  return (json) => {
    const given = json[mask.jsonName];
    if (given !== undefined && given !== null && given !== "") return;
    const value = json[resource.jsonName];
    const paths = isObject(value) ? [...list(schema, value, "", bound)] : [];
    const odd = paths.find((path) => toSnakeCase(toCamelCase(path)) !== path);
    if (odd !== undefined) {
      const message = `is required, since JSON cannot represent ${odd}`;
      const violations = [{ field: mask.name, rule: "field_mask", message }];
      throw new PotterError("invalid_argument", `${mask.name} ${message}`, { violations });
    }
    json[mask.jsonName] = paths.map(toCamelCase).join(",");
  };
}

function* list(schema: DescMessage, json: JsonObject, prefix: string, bound: ReadonlySet<string>): Generator<string> {
  for (const [key, value] of Object.entries(json)) {
    const field = schema.fields.find(({ jsonName }) => jsonName === key);
    const path = prefix + (field?.name ?? "");
    if (field === undefined || bound.has(path)) continue;
    if (isPlainMessage(field) && isObject(value) && Object.keys(value).length > 0) {
      yield* list(field.message as DescMessage, value, `${path}.`, bound);
    } else yield path;
  }
}

/** Whether to descend into a field. Well-known types are values. */
function isPlainMessage(field: DescField): boolean {
  return field.fieldKind === "message" && !field.message.typeName.startsWith("google.protobuf.");
}

function isObject(json: JsonValue | undefined): json is JsonObject {
  return typeof json === "object" && json !== null && !Array.isArray(json);
}

function toCamelCase(path: string): string {
  return path.replace(/_([a-z])/g, (_, letter: string) => letter.toUpperCase());
}

function toSnakeCase(path: string): string {
  return path.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);
}
