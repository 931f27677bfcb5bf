import type { DescField, DescMessage, JsonObject, JsonValue } from "@bufbuild/protobuf";
import type { AnyMethod } from "../../../cqrs/index.js";
import { PotterError } from "../../../errors/index.js";

/**
 * Names the fields that are given, as the mask of an update that has none: what is sent is what changes (AIP-134), and null
 * is sent too. What names the resource, in the path of its HTTP binding, is no part of the change. undefined: a method that
 * updates nothing by a mask.
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
      const message = `must be given, since JSON cannot spell ${odd}`;
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

/** Well-known types are values: their fields are nobody's business. */
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
