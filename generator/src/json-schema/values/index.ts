// The schemas of single values: scalars, enums, well-known types. Knows no message as a whole.
export { Audience } from "./audience.js";
export { enumSchema } from "./enum-schema.js";
export { rangeOf } from "./number-schema.js";
export { rangePattern } from "./range-pattern.js";
export type { Direction, References } from "./references.js";
export { isScalarName, scalarComponent, scalarSchema } from "./scalar-schema.js";
export { inCollection, type ValuePlace, type ValueType, valueSchema } from "./value-schema.js";
export { wellKnownComponents, wellKnownInline } from "./well-known.js";
export { admits, zeroOf } from "./zero.js";
