import type { DescField } from "@bufbuild/protobuf";
import { FeatureSet_FieldPresence } from "@bufbuild/protobuf/wkt";
import type { MessageLibrary } from "../../messages/index.js";
import { printString } from "../../printer/index.js";

/** A field of a message. Absent reads as the zero value, which is how a field without presence tells absence. */
export function printAccess(library: MessageLibrary, message: string, field: DescField): string {
  const property = library.property(field);
  return /^[A-Za-z_$][\w$]*$/.test(property) ? `${message}.${property}` : `${message}[${JSON.stringify(property)}]`;
}

/** An id field as text: the empty text if it is not set. */
export function printText(library: MessageLibrary, message: string, field: DescField): string {
  const access = printAccess(library, message, field);
  const type = library.idType(field);
  if (type === "string") return hasPresence(field) ? `${access} ?? ""` : access;
  // Not String(…), which a contract may declare.
  return hasPresence(field) ? `\`\${${access} ?? ""}\`` : `\`\${${access}}\``;
}

function hasPresence(field: DescField): boolean {
  return field.presence !== FeatureSet_FieldPresence.IMPLICIT;
}

/** A union of string literals; `never` of none. */
export function printUnion(names: readonly string[]): string {
  return names.length === 0 ? "never" : names.map(printString).join(" | ");
}
