import { type DescEnum, type DescField, type DescMessage, ScalarType } from "@bufbuild/protobuf";
import type { Printable } from "../../../printer/index.js";
import { isInherited } from "./inherited-members.js";
import { scalarType } from "./scalar-types.js";
import { specialType, wrappedScalar } from "./special-types.js";

/** Refers to the declared type of a message or an enum. */
export type DeclaredTypes = (type: DescMessage | DescEnum) => Printable;

/** The type of a field's value. */
export function fieldType(field: DescField, declared: DeclaredTypes): Printable {
  if (isInherited(field)) return "unknown";
  const value = valueType(field, declared);
  switch (field.fieldKind) {
    case "list":
      return ["readonly ", inParentheses(value), "[]"];
    case "map":
      return ["{ readonly [key: string]: ", value, " }"];
    default:
      return value;
  }
}

/** The type of a message. */
export function messageType(message: DescMessage, declared: DeclaredTypes): Printable {
  const scalar = wrappedScalar(message);
  return scalar === undefined ? (specialType(message)?.type ?? declared(message)) : scalarType(scalar);
}

function valueType(field: DescField, declared: DeclaredTypes): Printable {
  if (field.message !== undefined) return messageType(field.message, declared);
  if (field.enum !== undefined) return specialType(field.enum)?.type ?? declared(field.enum);
  return scalarType(field.scalar ?? ScalarType.STRING);
}

/** The item of an array type: unions and types with a modifier need parentheses. */
function inParentheses(type: Printable): Printable {
  return typeof type === "string" && /\||^readonly /.test(type) && !type.startsWith("{") ? `(${type})` : type;
}
