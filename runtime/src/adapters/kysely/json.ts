import { type RawBuilder, sql } from "kysely";
import { toJsonText } from "./values.js";

/**
 * A value as JSON, for columns of the types json and jsonb. Needed for lists, which would be arrays without it, and for JSON
 * that is a mere text or null; objects go by themselves.
 */
export function jsonb<T>(value: T): RawBuilder<T> {
  return sql<T>`${toJsonText(value)}::jsonb`;
}
