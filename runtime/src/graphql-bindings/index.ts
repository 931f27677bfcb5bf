// The GraphQL contract of generated modules: the schema as SDL, and bindings of its fields to the proto contract. Plain data,
// no graphql-js.
export type {
  GraphQLConnection,
  GraphQLContract,
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
} from "./contract.js";
