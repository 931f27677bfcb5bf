// What options say for GraphQL schemas: Potter's, and google.api.field_behavior. Knows no schema.
export {
  type FieldOptions,
  type MethodOptions,
  type Nullability,
  optionNumbers,
  type ReferenceOptions,
  readEnumOptions,
  readFieldOptions,
  readMethodOptions,
  readOneofOptions,
  readServiceOptions,
  readTypeOptions,
  readValueOptions,
  type TypeOptions,
} from "./options.js";
