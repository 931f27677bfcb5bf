// A GraphQL schema that runs on an app: what generated modules say, bound to the app's methods. Knows no server.
export { type ErrorPlace, type PotterErrorExtensions, toGraphQLError } from "./graphql-error.js";
