import type { DescField } from "@bufbuild/protobuf";
import { FeatureSet_FieldPresence } from "@bufbuild/protobuf/wkt";
import type { MessageLibrary } from "./message-library.js";

/** Prints the access to a field of a message. */
export function printAccess(library: MessageLibrary, message: string, field: DescField): string {
  const property = library.property(field);
  return /^[A-Za-z_$][\w$]*$/.test(property) ? `${message}.${property}` : `${message}[${JSON.stringify(property)}]`;
}

/** Prints an id field, given by its path, as a string: empty if the field, or a message on the path, is not set. */
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
  // Not String(…): a contract may declare that name.
  return isAbsent ? `\`\${${access} ?? ""}\`` : `\`\${${access}}\``;
}

function printOptionalAccess(library: MessageLibrary, message: string, field: DescField): string {
  const property = library.property(field);
  return /^[A-Za-z_$][\w$]*$/.test(property) ? `${message}?.${property}` : `${message}?.[${JSON.stringify(property)}]`;
}

function hasPresence(field: DescField): boolean {
  return field.presence !== FeatureSet_FieldPresence.IMPLICIT;
}
