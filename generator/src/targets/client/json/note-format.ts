import type { DescField } from "@bufbuild/protobuf";
import { isInherited } from "./inherited-members.js";
import { scalarNote } from "./scalar-types.js";
import { specialType, wrappedScalar } from "./special-types.js";

/** Returns what a reader cannot see from the type of a field, in a sentence; empty: nothing. */
export function noteFormat(field: DescField): string {
  if (isInherited(field)) return "Check its type: objects inherit a member of this name.";
  const type = field.message ?? field.enum;
  const scalar = type === undefined ? field.scalar : wrappedScalar(type);
  const note = scalar === undefined ? type && specialType(type)?.note : scalarNote(scalar);
  if (note === undefined) return "";
  return field.fieldKind === "list" || field.fieldKind === "map" ? `Each: ${lowerFirst(note)}` : note;
}

function lowerFirst(text: string): string {
  return text.charAt(0).toLowerCase() + text.slice(1);
}
