// The service model: built once from descriptors and options, with all names resolved, then frozen. Knows no target.
export {
  type EnumOptions as GraphQLEnumOptions,
  type FieldOptions as GraphQLFieldOptions,
  type MethodOptions as GraphQLMethodOptions,
  type Nullability as GraphQLNullability,
  type OneofOptions as GraphQLOneofOptions,
  optionNumbers as graphqlOptionNumbers,
  type ReferenceOptions as GraphQLReferenceOptions,
  type ServiceOptions as GraphQLServiceOptions,
  type TypeOptions as GraphQLTypeOptions,
  type ValueOptions as GraphQLValueOptions,
} from "../graphql-options/index.js";
export {
  type DocumentOptions as OpenApiDocumentOptions,
  type FieldOptions as OpenApiFieldOptions,
  type Header as OpenApiHeader,
  type Keywords as OpenApiKeywords,
  type OperationOptions as OpenApiOperationOptions,
  optionNumbers as openapiOptionNumbers,
  type SchemaOptions as OpenApiSchemaOptions,
  type ServiceOptions as OpenApiServiceOptions,
} from "../openapi-options/index.js";
export { buildModel } from "./build.js";
export type * from "./contract-model.js";
export { messagesOf } from "./elements.js";
export { listFileReferences } from "./file-references.js";
export type { GraphQLFacts } from "./graphql-facts.js";
export { findIdField, findIdPath, isIdType } from "./id-field.js";
export type * from "./model.js";
export { isReserved, Names, toSnakeCase } from "./names.js";
export type { DescVisible, OpenApiFacts } from "./openapi-facts.js";
export { firstList } from "./pages.js";
export { type PathTemplate, type PathTemplateError, parsePathTemplate } from "./path-template.js";
export {
  isPersonal,
  optionNumbers,
  readFieldOptions,
  readMessageRoles,
  readMethodRoles,
  readServiceOptions,
} from "./roles.js";
export type {
  AnySagaStep,
  ChildStepModel,
  CommandStepModel,
  EventStepModel,
  ResolvedStepModel,
  RetryModel,
  SagaModel,
  SagaStepModel,
  TimerStepModel,
  UnresolvedStepModel,
} from "./sagas/index.js";
