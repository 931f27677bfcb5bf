import type { DescMessage } from "@bufbuild/protobuf";
import { isWrapperDesc } from "@bufbuild/protobuf/wkt";

/** Names under which every object has something, so that to find a value proves nothing. */
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
 * Whether the codec of a message can be compiled: its JSON is an object of its fields, under names that stand for
 * one field each. A JSON object moves names that are whole numbers to its front, so those are out too.
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
