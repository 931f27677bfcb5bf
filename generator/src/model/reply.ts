import { type DescField, type DescMessage, ScalarType } from "@bufbuild/protobuf";
import type { ReplyField } from "./model.js";

/**
 * Derives each field of the response from the id of the aggregate, or from the request field of the same name and type. Returns
 * undefined if any field cannot be derived: then the decider returns the response.
 */
export function deriveReply(request: DescMessage, response: DescMessage, id: DescField): ReplyField[] | undefined {
  const fields: ReplyField[] = [];
  for (const field of response.fields) {
    const from =
      field.name === id.name && sameType(field, id) && field.scalar === ScalarType.STRING
        ? "id"
        : request.fields.find((candidate) => candidate.name === field.name && sameType(candidate, field));
    if (from === undefined || field.oneof !== undefined) return undefined;
    fields.push({ field, from });
  }
  return fields;
}

function sameType(a: DescField, b: DescField): boolean {
  return typeOf(a) === typeOf(b) && a.oneof === undefined;
}

function typeOf(field: DescField): string {
  const element = field.message?.typeName ?? field.enum?.typeName ?? String(field.scalar);
  return field.fieldKind === "map"
    ? `map ${field.mapKey} ${element}`
    : `${field.fieldKind === "list" ? "list" : "one"} ${element}`;
}
