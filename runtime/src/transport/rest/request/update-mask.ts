import {
  create,
  type DescField,
  type DescMessage,
  isFieldSet,
  type JsonObject,
  type JsonValue,
  type Message,
  toBinary,
} from "@bufbuild/protobuf";
import { FieldMaskSchema } from "@bufbuild/protobuf/wkt";
import type { AnyMethod, HttpBinding } from "../../../cqrs/index.js";
import { PotterError } from "../../../errors/index.js";
import { mergeBinary, messageIn, reflectMessage, writeField } from "../messages/index.js";

type MessageField = DescField & { readonly fieldKind: "message" };

/**
 * Sets the update mask of a PATCH that has none to the fields of its body: the fields that are sent are changed (AIP-134).
 * Mask paths use proto names. Fields that the path of the request sets are not changed.
 */
export class UpdateMask {
  private readonly request: AnyMethod["request"];
  private readonly mask: MessageField;
  private readonly resource: MessageField;
  /** The paths within the resource that the path of the request sets. */
  private readonly bound: ReadonlySet<string>;

  private constructor(request: AnyMethod["request"], mask: MessageField, resource: MessageField, http: HttpBinding) {
    this.request = request;
    this.mask = mask;
    this.resource = resource;
    const variables = http.segments.flatMap((segment) => (typeof segment === "object" ? [segment.field] : []));
    const prefix = `${resource.name}.`;
    this.bound = new Set(variables.filter((one) => one.startsWith(prefix)).map((one) => one.slice(prefix.length)));
  }

  /** Returns undefined for a binding that needs no implied mask. Throws a PotterError if the request does not fit. */
  static of({ request, updateMask }: AnyMethod, http: HttpBinding): UpdateMask | undefined {
    if (updateMask === undefined || http.method !== "PATCH") return undefined;
    const field = (name: string): MessageField => {
      const found = request.schema.fields.find((one) => one.name === name);
      if (found?.fieldKind === "message") return found;
      throw new PotterError(
        "invalid_argument",
        `its update mask needs "${name}" to be a message field of ${request.typeName}`,
      );
    };
    return new UpdateMask(request, field(updateMask.mask), field(updateMask.resource), http);
  }

  /** Adds the mask to a message read from JSON, unless the JSON has one. */
  addFrom(json: JsonObject, message: unknown): unknown {
    const given = memberOf(json, this.mask);
    if (given !== undefined && given !== null && given !== "") return message;
    const resource = memberOf(json, this.resource);
    return this.add(message, isObject(resource) ? [...this.inJson(this.resource.message, resource, "")] : []);
  }

  /** Adds the mask to a message read from binary, unless it has one. Default values cannot be detected there. */
  addTo(message: unknown): unknown {
    const reflected = reflectMessage(this.request, message);
    const given = messageIn(reflected, this.mask) as { readonly paths: readonly string[] } | undefined;
    if (given !== undefined && given.paths.length > 0) return message;
    const resource = messageIn(reflected, this.resource);
    return this.add(message, resource === undefined ? [] : [...this.inMessage(this.resource.message, resource, "")]);
  }

  /** In the wire format, because JSON cannot spell every proto name, and message libraries differ in how they hold a mask. */
  private add(message: unknown, paths: string[]): unknown {
    const mask = writeField(this.mask, toBinary(FieldMaskSchema, create(FieldMaskSchema, { paths })));
    return this.request.decode(mergeBinary(this.request.encode(message), mask));
  }

  private *inJson(schema: DescMessage, json: JsonObject, prefix: string): Generator<string> {
    for (const key of Object.keys(json)) {
      const field = schema.fields.find((one) => one.jsonName === key || one.name === key);
      const path = prefix + (field?.name ?? "");
      if (field === undefined || this.bound.has(path)) continue;
      const value = json[key];
      if (isPlainMessage(field) && isObject(value) && Object.keys(value).length > 0)
        yield* this.inJson(field.message, value, `${path}.`);
      else yield path;
    }
  }

  private *inMessage(schema: DescMessage, message: Message, prefix: string): Generator<string> {
    for (const field of schema.fields) {
      const path = prefix + field.name;
      if (!isFieldSet(message, field) || this.bound.has(path)) continue;
      const paths = isPlainMessage(field)
        ? [...this.inMessage(field.message, messageIn(message, field) as Message, `${path}.`)]
        : [];
      if (paths.length > 0) yield* paths;
      else yield path;
    }
  }
}

/** Well-known types are values: a mask does not name their fields. */
function isPlainMessage(field: DescField): field is MessageField {
  return field.fieldKind === "message" && !field.message.typeName.startsWith("google.protobuf.");
}

function isObject(json: JsonValue | undefined): json is JsonObject {
  return typeof json === "object" && json !== null && !Array.isArray(json);
}

function memberOf(json: JsonObject, { jsonName, name }: DescField): JsonValue | undefined {
  return Object.hasOwn(json, jsonName) ? json[jsonName] : Object.hasOwn(json, name) ? json[name] : undefined;
}
