// The only entry point for generated code, published as `codegen/v1`. symbols.ts lists the same names for the generator.
export type { Aggregate } from "../aggregate/index.js";
export type { ErrorDefinition, Method, Service } from "../cqrs/index.js";
export type { GraphQLContract } from "../graphql/index.js";
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
export { defineAggregate, defineError, defineEvent, defineGraphQL, defineReadModel, defineService } from "./define.js";
export type { None } from "./none.js";
