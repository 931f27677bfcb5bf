// GraphiQL from the local package @graphql-yoga/render-graphiql. Nothing comes from the network.
export { type GraphiQLOptions, graphiql } from "./graphiql.js";
