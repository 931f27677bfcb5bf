// Validates examples against a schema, and makes up examples. Knows no descriptor except as the owner of an example.
export { checkValue, type Resolve } from "./check-value.js";
export { Examples } from "./examples.js";
export { isPlain } from "./is-plain.js";
export { sampleValue } from "./sample-value.js";
