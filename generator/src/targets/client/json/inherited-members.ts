import type { DescField } from "@bufbuild/protobuf";

const inherited: ReadonlySet<string> = new Set(Object.getOwnPropertyNames(Object.prototype));

/** Whether every object inherits a member with the name of a field: without the field, it has a value of another type. */
export function isInherited({ jsonName }: DescField): boolean {
  return inherited.has(jsonName);
}
