import type { DescField, DescOneof } from "@bufbuild/protobuf";
import type { OpenApiFacts } from "../../model/index.js";
import { readChoices, readFieldRules } from "../read-rules/index.js";
import { Audience, type Direction } from "../values/index.js";
import { fieldSchema } from "./field-schema.js";

/** Whether messages must have a field, by presence, google.api.field_behavior or protovalidate. */
export function isRequired(field: DescField, direction: Direction, facts: OpenApiFacts): boolean {
  const any = () => ({});
  const audience = new Audience(facts);
  return fieldSchema(field, { direction, facts, audience, message: any, enumeration: any, scalar: any }).required;
}

/** Whether one of the fields of a oneof must be set. */
export function isRequiredChoice(oneof: DescOneof): boolean {
  return readChoices(oneof.parent).some(({ fields, required }) => required && fields === oneof.fields);
}

/** The maximum number of items that protovalidate allows in a list. */
export function maxItems(field: DescField): number | undefined {
  const { maxItems: most } = readFieldRules(field).values as { readonly maxItems?: bigint };
  return most === undefined ? undefined : Number(most);
}
