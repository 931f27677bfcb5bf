// The types that signatures of generated code mention: for annotations of users. The generator prints none of them, so they are
// not in symbols.ts. Types only.
export type {
  AggregateCommand,
  AggregateDeclaration,
  AggregateDefinition,
  AggregateTypes,
  CommandDefinition,
  DeciderSlot,
  MessageOf,
  PropertyOf,
  ReplyFunctions,
} from "../aggregate/index.js";
export type {
  AnyMethod,
  AnyService,
  ErrorDefinitions,
  HttpBinding,
  LoadRules,
  MethodKind,
  NotPage,
  PathSegment,
  PathVariable,
  ReadModelDeclaration,
  ReadModelDefinition,
  ReadModelTypes,
  ServiceDefinition,
  ServiceTypes,
  StreamKind,
  StreamKindOf,
} from "../cqrs/index.js";
export type {
  GraphQLConnection,
  GraphQLEntity,
  GraphQLEnumBinding,
  GraphQLEvents,
  GraphQLInputBinding,
  GraphQLInputField,
  GraphQLLookup,
  GraphQLMethod,
  GraphQLObjectBinding,
  GraphQLObjectField,
  GraphQLUnionMember,
} from "../graphql-bindings/index.js";
export type { AnyCodec, Engine, MessageCodec, MessageTypes, TsProtoFunctions } from "../message/index.js";
