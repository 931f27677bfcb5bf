// What the ProtoJSON of a message looks like, as JSON Schema: what the codec writes is accepted, and what the codec or
// protovalidate refuses is refused, as far as keywords can say it. Knows no document.
export { Audience } from "./audience.js";
export { checkValue, type Resolve } from "./check-value.js";
export { describe } from "./describe.js";
export { fieldSchema } from "./field-schema.js";
export { isPlain } from "./is-plain.js";
export { isRequired, isRequiredChoice, maxItems } from "./is-required.js";
export type { MessageShape } from "./message-schema.js";
export type { Direction, References } from "./references.js";
export { sampleValue } from "./sample-value.js";
export type { Schema } from "./schema.js";
export { Schemas } from "./schemas.js";
