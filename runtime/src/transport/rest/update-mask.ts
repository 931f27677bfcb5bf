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
import type { AnyMethod, HttpBinding } from "../../cqrs/index.js";
import { messageIn, toReflected } from "./reflected.js";
import { merge, writeField } from "./wire.js";

type MessageField = DescField & { readonly fieldKind: "message" };

/**
 * Names the fields that a PATCH without a mask has in its body, as the mask of its request: what is sent is what changes
 * (AIP-134). Paths are in proto names; what the path of the request says is no part of the change.
 */
export class UpdateMask {
  private readonly request: AnyMethod["request"];
  private readonly mask: MessageField;
  private readonly resource: MessageField;
  /** Paths within the resource that the path of the request sets. */
  private readonly bound: ReadonlySet<string>;

  private constructor(request: AnyMethod["request"], mask: MessageField, resource: MessageField, http: HttpBinding) {
    this.request = request;
    this.mask = mask;
    this.resource = resource;
    const variables = http.segments.flatMap((segment) => (typeof segment === "object" ? [segment.field] : []));
    const prefix = `${resource.name}.`;
    this.bound = new Set(variables.filter((one) => one.startsWith(prefix)).map((one) => one.slice(prefix.length)));
  }

  /** undefined: requests of this binding say for themselves what they change. */
  static of({ request, updateMask }: AnyMethod, http: HttpBinding): UpdateMask | undefined {
    if (updateMask === undefined || http.method !== "PATCH") return undefined;
    const field = (name: string): MessageField => {
      const found = request.schema.fields.find((one) => one.name === name);
      if (found?.fieldKind === "message") return found;
      throw new Error(`its update mask needs "${name}" to be a message field of ${request.typeName}`);
    };
    return new UpdateMask(request, field(updateMask.mask), field(updateMask.resource), http);
  }

  /** Adds the mask to a message that was read from JSON, unless the JSON has one. */
  addFrom(json: JsonObject, message: unknown): unknown {
    const given = memberOf(json, this.mask);
    if (given !== undefined && given !== null && given !== "") return message;
    const resource = memberOf(json, this.resource);
    return this.add(message, isObject(resource) ? [...this.inJson(this.resource.message, resource, "")] : []);
  }

  /** Adds the mask to a message that was read from binary, unless it has one. Default values are not to be seen there. */
  addTo(message: unknown): unknown {
    const reflected = toReflected(this.request, message);
    const given = messageIn(reflected, this.mask) as { readonly paths: readonly string[] } | undefined;
    if (given !== undefined && given.paths.length > 0) return message;
    const resource = messageIn(reflected, this.resource);
    return this.add(message, resource === undefined ? [] : [...this.inMessage(this.resource.message, resource, "")]);
  }

  /** By the wire format, since JSON cannot spell every proto name, and message libraries differ in how they hold a mask. */
  private add(message: unknown, paths: string[]): unknown {
    const mask = writeField(this.mask, toBinary(FieldMaskSchema, create(FieldMaskSchema, { paths })));
    return this.request.decode(merge(this.request.encode(message), mask));
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

/** Well-known types are values: their fields are nobody's business. */
function isPlainMessage(field: DescField): field is MessageField {
  return field.fieldKind === "message" && !field.message.typeName.startsWith("google.protobuf.");
}

function isObject(json: JsonValue | undefined): json is JsonObject {
  return typeof json === "object" && json !== null && !Array.isArray(json);
}

function memberOf(json: JsonObject, { jsonName, name }: DescField): JsonValue | undefined {
  return Object.hasOwn(json, jsonName) ? json[jsonName] : Object.hasOwn(json, name) ? json[name] : undefined;
}
