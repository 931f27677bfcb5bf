import type { NewSubjectKey } from "../../store/ports/index.js";
import { SqlArray, type SqlValue } from "../driver/index.js";
import { escapeNul } from "../values/index.js";

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
