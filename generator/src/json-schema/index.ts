// What the ProtoJSON of a message looks like, as JSON Schema: what the codec writes is accepted, and what the codec or
// protovalidate refuses is refused, as far as keywords can say it. Knows no document.

export { checkValue, isPlain, type Resolve, sampleValue } from "./examples/index.js";
export type { Schema } from "./keywords/index.js";
export { describe } from "./keywords/index.js";
export type { MessageShape } from "./messages/index.js";
export { fieldSchema, isRequired, isRequiredChoice, maxItems, Schemas } from "./messages/index.js";
export type { Direction, References } from "./values/index.js";
export { Audience } from "./values/index.js";
