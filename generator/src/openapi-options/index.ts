// What a contract says about its documents beyond what it is: Potter's options for OpenAPI, google.api.field_behavior,
// and the options of others that say the same. Read into the words of OpenAPI; knows no schema and no target.
export { Audience } from "./audience.js";
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
