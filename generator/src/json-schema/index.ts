// The ProtoJSON of messages as JSON Schema. A schema accepts what the codec writes, and rejects what the codec or
// protovalidate rejects, as far as keywords can express it. Knows no document and no target.

export { checkValue, isPlain, type Resolve, sampleValue } from "./examples/index.js";
export type { Schema } from "./keywords/index.js";
export { describe } from "./keywords/index.js";
export type { MessageShape } from "./messages/index.js";
export { fieldSchema, isRequired, isRequiredChoice, maxItems, Schemas } from "./messages/index.js";
export type { Direction, References } from "./values/index.js";
export { Audience } from "./values/index.js";
