// The GraphQL schemas of two contracts, compared by graphql-inspector.

export { compareGraphQL, type GraphQLInput } from "./compare-graphql.js";
