import { createServer } from "node:http";
import { createYoga } from "graphql-yoga";
import { listen } from "../../harness/listen.mjs";
import { createShop } from "../schema.mjs";

export const name = "GraphQL Yoga 5";

export function start() {
  const { schema, createContext } = createShop();
  return listen(createServer(createYoga({ schema, context: createContext, logging: "error" })));
}
