import type { DescField } from "@bufbuild/protobuf";
import { FeatureSet_FieldPresence } from "@bufbuild/protobuf/wkt";
import type { MessageLibrary } from "../../messages/index.js";
import { printString } from "../../printer/index.js";

/** A field of a message. Absent reads as the zero value, which is how a field without presence tells absence. */
export function printAccess(library: MessageLibrary, message: string, field: DescField): string {
  const property = library.property(field);
  return /^[A-Za-z_$][\w$]*$/.test(property) ? `${message}.${property}` : `${message}[${JSON.stringify(property)}]`;
}

/** An id field as text, by the path that leads to it: the empty text if it, or a message on the way, is not set. */
export function printText(library: MessageLibrary, message: string, path: readonly DescField[]): string {
  const [first, ...inner] = path;
  const field = path.at(-1);
  if (first === undefined || field === undefined) return '""';
  const access = inner.reduce(
    (before, next) => printOptionalAccess(library, before, next),
    printAccess(library, message, first),
  );
  const isAbsent = inner.length > 0 || hasPresence(field);
  if (library.idType(field) === "string") return isAbsent ? `${access} ?? ""` : access;
  // Not String(…), which a contract may declare.
  return isAbsent ? `\`\${${access} ?? ""}\`` : `\`\${${access}}\``;
}

function printOptionalAccess(library: MessageLibrary, message: string, field: DescField): string {
  const property = library.property(field);
  return /^[A-Za-z_$][\w$]*$/.test(property) ? `${message}?.${property}` : `${message}?.[${JSON.stringify(property)}]`;
}

function hasPresence(field: DescField): boolean {
  return field.presence !== FeatureSet_FieldPresence.IMPLICIT;
}

/** A union of string literals; `never` of none. */
export function printUnion(names: readonly string[]): string {
  return names.length === 0 ? "never" : names.map(printString).join(" | ");
}
