import type { OpenApiFieldOptions } from "../../model/index.js";
import { narrow } from "./narrow.js";
import type { Schema } from "./schema.js";

/**
 * Adds the keywords of options to a field's schema: those of values to the value or to list items, the others to the
 * whole.
 */
export function addKeywords(schema: Schema, { format, keywords = {} }: OpenApiFieldOptions): Schema {
  const items = schema.items as Schema | undefined;
  if (items === undefined) return withFormat(narrow(narrow(schema, keywords.value), keywords.whole), format);
  return narrow({ ...schema, items: withFormat(narrow(items, keywords.value), format) }, keywords.whole);
}

function withFormat(schema: Schema, format: string | undefined): Schema {
  return format === undefined ? schema : { ...schema, format };
}
