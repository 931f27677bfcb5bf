// Conversion between protobuf messages and GraphQL values: scalars, inputs, fields and field masks. No resolvers, no dispatch.
export { compileMask, type MaskReference, type MaskTypes, type MaskUnion } from "./field-mask.js";
export { compileImpliedMask } from "./implied-mask.js";
export { type Library, Messages, propertyOf } from "./message-types.js";
export { compileField, compileOneof, type FieldContext, type Read } from "./read-field.js";
export { Inputs, type ReadInput } from "./read-input.js";
export { convertMessage } from "./read-value.js";
export { scalars } from "./scalars.js";
