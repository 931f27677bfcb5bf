// Schemas as plain data, and how keywords are merged. Knows no descriptor.
export { addKeywords } from "./add-keywords.js";
export { describe, parseDefault, parseExample } from "./describe.js";
export { narrow } from "./narrow.js";
export { anyOf, mergeParts, type Schema } from "./schema.js";
