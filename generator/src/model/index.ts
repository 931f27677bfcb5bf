// The service model: built once from descriptors and options, with all names resolved, then frozen. Knows no target.
export { optionNumbers as graphqlOptionNumbers } from "../graphql-options/index.js";
export type {
  DocumentOptions,
  FieldOptions as OpenApiFieldOptions,
  Header,
  OperationOptions,
} from "../openapi-options/index.js";
export { buildModel } from "./build.js";
export { messagesOf } from "./elements.js";
export type { GraphQLFacts } from "./graphql-facts.js";
export { isIdType } from "./id-field.js";
export type * from "./model.js";
export type { DescVisible, OpenApiFacts } from "./openapi-facts.js";
export { type PathTemplate, type PathTemplateError, parsePathTemplate } from "./path-template.js";
export {
  isPersonal,
  optionNumbers,
  readFieldOptions,
  readMessageRoles,
  readMethodRoles,
  readServiceOptions,
} from "./roles.js";
