import type { AnyDesc, DescEnum, DescField, DescMessage, DescMethod, DescService } from "@bufbuild/protobuf";
import { readOption } from "../descriptors/index.js";
import * as google from "../gen/google/api/visibility_pb.js";
import { readFieldOptions } from "./field-options.js";
import { readOperationOptions, readServiceOptions } from "./operation-options.js";

/** Whom a document is for: the labels of google.api.visibility that readers have; undefined: it is for all who may see anything. */
export class Audience {
  private readonly labels: readonly string[] | undefined;

  constructor(labels?: readonly string[]) {
    this.labels = labels;
  }

  hidesService(desc: DescService): boolean {
    return readServiceOptions(desc).hidden === true || this.lacks(desc);
  }

  hidesMethod(desc: DescMethod): boolean {
    return readOperationOptions(desc).hidden === true || this.lacks(desc);
  }

  /** A field whose type is hidden is hidden with it. */
  hidesField(desc: DescField): boolean {
    const type = desc.message ?? desc.enum;
    return readFieldOptions(desc).hidden === true || this.lacks(desc) || (type !== undefined && this.hidesType(type));
  }

  hidesType(desc: DescMessage | DescEnum): boolean {
    return this.lacks(desc);
  }

  /** Whether some JSON of a message says anything of a field that is hidden, at any depth. */
  wouldTell(desc: DescMessage, json: unknown): boolean {
    if (typeof json !== "object" || json === null) return false;
    return desc.fields.some((field) => {
      const given = [field.jsonName, field.name].filter((name) => Object.hasOwn(json, name));
      if (given.length === 0) return false;
      if (this.hidesField(field)) return true;
      const { message } = field;
      if (message === undefined) return false;
      const values = given.flatMap((name) => {
        const value = (json as Record<string, unknown>)[name];
        return field.fieldKind === "message" ? [value] : Object.values((value ?? {}) as object);
      });
      return values.some((value) => this.wouldTell(message, value));
    });
  }

  private lacks(desc: AnyDesc): boolean {
    const { labels } = this;
    if (labels === undefined) return false;
    const restrictions = readRestrictions(desc);
    return restrictions.length > 0 && !restrictions.some((label) => labels.includes(label));
  }
}

/** The labels of those who may see an element; none: everybody. */
function readRestrictions(desc: AnyDesc): readonly string[] {
  const extension = {
    service: google.api_visibility,
    rpc: google.method_visibility,
    message: google.message_visibility,
    field: google.field_visibility,
    enum: google.enum_visibility,
  }[desc.kind as "service"];
  const rule = extension && readOption(desc, extension);
  return (rule?.restriction ?? "").split(",").flatMap((label) => (label.trim() === "" ? [] : [label.trim()]));
}
