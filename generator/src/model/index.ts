// The service model: built from descriptors once, with every name resolved, then frozen. Knows no output.
export { optionNumbers as graphqlOptionNumbers } from "../graphql-options/index.js";
export type {
  DocumentOptions,
  FieldOptions as OpenApiFieldOptions,
  Header,
  OperationOptions,
} from "../openapi-options/index.js";
export { optionNumbers as openapiOptionNumbers } from "../openapi-options/index.js";
export { buildModel } from "./build.js";
export { messagesOf } from "./elements.js";
export type { GraphQLFacts } from "./graphql-facts.js";
export { isIdType } from "./id-field.js";
export type * from "./model.js";
export type { OpenApiFacts } from "./openapi-facts.js";
export { type PathTemplate, type PathTemplateError, parsePathTemplate } from "./path-template.js";
export {
  isPersonal,
  optionNumbers,
  readFieldOptions,
  readMessageRoles,
  readMethodRoles,
  readServiceOptions,
} from "./roles.js";
