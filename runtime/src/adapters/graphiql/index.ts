// GraphiQL from the local package @graphql-yoga/render-graphiql. Loads nothing from the network.
export { type GraphiQLOptions, graphiql } from "./graphiql.js";
