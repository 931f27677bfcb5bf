// The only entry point for generated code, published as `codegen/v1`. symbols.ts lists the names below for the generator;
// contract-types.ts adds the types that their signatures mention.
export type { Aggregate } from "../aggregate/index.js";
export type { ErrorDefinition, Method, Service } from "../cqrs/index.js";
export { personalData } from "../engines/index.js";
export type { GraphQLContract } from "../graphql-bindings/index.js";
export {
  type Descriptors,
  descriptors,
  type Es,
  type EventDefinition,
  es,
  type TsProto,
  tsProto,
} from "../message/index.js";
export type { ReadModel } from "../projection/index.js";
export type { Saga } from "../saga/declaration/index.js";
export { protovalidate } from "../validation/index.js";
export type * from "./contract-types.js";
export {
  defineAggregate,
  defineError,
  defineEvent,
  defineGraphQL,
  defineReadModel,
  defineSaga,
  defineService,
} from "./define.js";
export { httpBinding } from "./http-binding.js";
export type { None } from "./none.js";
export { timeOf } from "./time-of.js";
