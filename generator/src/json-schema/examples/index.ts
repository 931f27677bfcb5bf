// Validates examples against a schema, and generates examples. Knows descriptors only as the owners of examples.
export { checkValue, type Resolve } from "./check-value.js";
export { Examples } from "./examples.js";
export { isPlain } from "./is-plain.js";
export { sampleValue } from "./sample-value.js";
