import type { DescEnum } from "@bufbuild/protobuf";
import { fallback } from "./fallback.js";
import { type ReadValue, readInt32 } from "./read-scalar.js";

/** Returns the reader of an enum value, by name or by number. */
export function compileReadEnum(schema: DescEnum): ReadValue {
  // For NullValue, null is a value.
  if (schema.typeName === "google.protobuf.NullValue") return () => fallback;
  const names = new Map<unknown, number>();
  for (const { jsonName, number } of schema.values) names.set(jsonName, number);
  for (const { name, number } of schema.values) names.set(name, number);
  const numbers = new Set<unknown>(schema.values.map(({ number }) => number));
  const { open } = schema;
  return (json) => {
    if (typeof json === "string") return names.get(json) ?? fallback;
    if (typeof json !== "number") return fallback;
    return open ? readInt32(json) : numbers.has(json) ? json : fallback;
  };
}
