// What a contract says about its documents beyond what it is: Potter's options for OpenAPI, google.api.field_behavior,
// and the options of others that say the same. Read into the words of OpenAPI; knows no schema and no target.
export { type DocumentOptions, readDocumentOptions } from "./document-options.js";
export { type FieldOptions, readFieldOptions } from "./field-options.js";
export {
  type Header,
  type OperationOptions,
  readOperationOptions,
  readServiceOptions,
  type ServiceOptions,
} from "./operation-options.js";
export { optionNumbers } from "./option-numbers.js";
export { readSchemaOptions, type SchemaOptions } from "./schema-options.js";
