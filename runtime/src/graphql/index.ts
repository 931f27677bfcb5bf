// What generated modules say of GraphQL: a schema as text, and what its fields are in the contract. Plain data, no graphql-js.
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
