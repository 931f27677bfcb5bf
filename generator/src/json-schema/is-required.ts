import type { DescField, DescOneof } from "@bufbuild/protobuf";
import { Audience } from "../openapi-options/index.js";
import { fieldSchema } from "./field-schema.js";
import type { Direction } from "./references.js";
import { readChoices, readFieldRules } from "./rules.js";

const audience = new Audience();

/** Whether the object that holds a field must have it: by presence, google.api.field_behavior or the rules of protovalidate. */
export function isRequired(field: DescField, direction: Direction): boolean {
  const any = () => ({});
  return fieldSchema(field, { direction, audience, message: any, enumeration: any, scalar: any }).required;
}

/** Whether one of the fields of a oneof must be set. */
export function isRequiredChoice(oneof: DescOneof): boolean {
  return readChoices(oneof.parent).some(({ fields, required }) => required && fields === oneof.fields);
}

/** How many items a list may have by the rules of protovalidate. */
export function maxItems(field: DescField): number | undefined {
  const { maxItems: most } = readFieldRules(field).values as { readonly maxItems?: bigint };
  return most === undefined ? undefined : Number(most);
}
