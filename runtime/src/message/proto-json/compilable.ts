import type { DescMessage } from "@bufbuild/protobuf";
import { isWrapperDesc } from "@bufbuild/protobuf/wkt";

/** Names that every object inherits, so that finding a value under them proves nothing. */
const inherited: ReadonlySet<string> = new Set(Object.getOwnPropertyNames(Object.prototype));

const specialForms: ReadonlySet<string> = new Set([
  "google.protobuf.Any",
  "google.protobuf.Timestamp",
  "google.protobuf.Duration",
  "google.protobuf.FieldMask",
  "google.protobuf.Struct",
  "google.protobuf.Value",
  "google.protobuf.ListValue",
]);

/**
 * Whether the codec of a message can be compiled: its JSON is an object of its fields, and each name identifies one field. A
 * JavaScript object moves integer keys to its front, so names that are integers are excluded too.
 */
export function isCompilable(schema: DescMessage): boolean {
  if (specialForms.has(schema.typeName) || isWrapperDesc(schema)) return false;
  const taken = new Set<string>();
  for (const { name, jsonName } of schema.fields) {
    for (const one of new Set([name, jsonName])) {
      if (taken.has(one) || inherited.has(one) || /^\d+$/.test(one)) return false;
      taken.add(one);
    }
  }
  return !schema.members.some(({ localName }) => inherited.has(localName));
}
