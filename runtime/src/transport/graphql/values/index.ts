// Conversion between protobuf messages and GraphQL values: scalars, inputs, fields and field masks. No resolvers, no dispatch.
export { compileMask, type MaskReference, type MaskTypes, type MaskUnion } from "./field-mask.js";
export { compileImpliedMask } from "./implied-mask.js";
export { type MessageLibrary, MessageTypes, propertyOf, staleModule } from "./message-types.js";
export { compileField, compileOneof, type FieldContext, type ReadField } from "./read-field.js";
export { InputReaders, type ReadInput } from "./read-input.js";
export { convertMessage } from "./read-value.js";
export { isOwnScalar, scalars } from "./scalars.js";
