// GraphQL: the executable schema of an app, and how it is served.
export { type ErrorPlace, type PotterErrorExtensions, toGraphQLError } from "./schema/index.js";
