import { mergeParts, type Schema } from "./schema.js";

/** Pairs of bounds. Of the bounds from the type, its rules and options, only the narrowest is kept. */
const bounds = [
  { open: "exclusiveMinimum", closed: "minimum", narrowest: Math.max },
  { open: "exclusiveMaximum", closed: "maximum", narrowest: Math.min },
  { open: undefined, closed: "minLength", narrowest: Math.max },
  { open: undefined, closed: "maxLength", narrowest: Math.min },
  { open: undefined, closed: "minItems", narrowest: Math.max },
  { open: undefined, closed: "maxItems", narrowest: Math.min },
  { open: undefined, closed: "minProperties", narrowest: Math.max },
  { open: undefined, closed: "maxProperties", narrowest: Math.min },
] as const;

/** Adds keywords to a schema. The narrower of two bounds wins; of other keywords, both apply. */
export function narrow(schema: Schema, added: Schema = {}): Schema {
  let [left, right] = [schema, added];
  for (const { open = "", closed, narrowest } of bounds) {
    const { [open]: rightOpen, [closed]: rightClosed, ...others } = right;
    if (rightOpen === undefined && rightClosed === undefined) continue;
    const { [open]: leftOpen, [closed]: leftClosed, ...rest } = left;
    const limits = [leftOpen, leftClosed, rightOpen, rightClosed].filter((limit) => typeof limit === "number");
    const limit = narrowest(...limits);
    left = { ...rest, [limit === leftOpen || limit === rightOpen ? open : closed]: limit };
    right = others;
  }
  return mergeParts(left, Object.keys(right).length === 0 ? [] : [right]);
}
