import type { NewSubjectKey } from "../../store/ports/index.js";
import { SqlArray, type SqlValue } from "../driver/index.js";
import { escapeNul } from "../values/index.js";

/** Identifies subjects in maps. */
export function subjectNames(keys: readonly NewSubjectKey[]): readonly string[] {
  return keys.map(({ tenant, subject }) => `key ${tenant.length} ${tenant}${subject}`);
}

/** Tenants, subjects, keys and what they are wrapped by. */
export function toKeyColumns(keys: readonly NewSubjectKey[]): SqlValue[] {
  return [
    new SqlArray(
      "text",
      keys.map(({ tenant }) => escapeNul(tenant)),
    ),
    new SqlArray(
      "text",
      keys.map(({ subject }) => escapeNul(subject)),
    ),
    new SqlArray(
      "bytea",
      keys.map(({ wrapped }) => wrapped.key),
    ),
    new SqlArray(
      "text",
      keys.map(({ wrapped }) => escapeNul(wrapped.wrappedBy)),
    ),
  ];
}
