// Reads the options for OpenAPI documents: Potter's own, google.api.field_behavior and google.api.visibility, and
// those of gnostic and grpc-gateway. The result is in terms of OpenAPI. Only the model imports it; targets and rules
// read the model.
export { readDocumentOptions } from "./document-options.js";
export { readFieldOptions } from "./field-options.js";
export { hasOwnOperationId, hasOwnOptions, readOperationOptions, readServiceOptions } from "./operation-options.js";
export { optionNumbers } from "./option-numbers.js";
export type {
  DocumentOptions,
  FieldOptions,
  Header,
  Keywords,
  OperationOptions,
  SchemaOptions,
  ServiceOptions,
} from "./options.js";
export { hasOwnExample, readSchemaOptions } from "./schema-options.js";
export { readVisibility } from "./visibility.js";
