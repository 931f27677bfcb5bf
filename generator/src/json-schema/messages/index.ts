// The schemas of messages and their fields, and the components of a document.
export { fieldSchema } from "./field-schema.js";
export { isRequired, isRequiredChoice, maxItems } from "./is-required.js";
export type { MessageShape } from "./message-schema.js";
export { Schemas } from "./schemas.js";
