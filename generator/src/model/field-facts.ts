import type { DescField } from "@bufbuild/protobuf";
import type { FieldFacts } from "./contract-model.js";
import { readFieldOptions } from "./roles.js";

/** Collects the fields that their own options mark. */
export function buildFieldFacts(fields: Iterable<DescField>): FieldFacts {
  const ids = new Set<DescField>();
  const personal = new Set<DescField>();
  const subjects = new Set<DescField>();
  for (const field of fields) {
    const options = readFieldOptions(field);
    if (options?.id === true) ids.add(field);
    if (options?.personal === true) personal.add(field);
    if (options?.subject === true) subjects.add(field);
  }
  return Object.freeze({ ids, personal, subjects });
}
