import { ApolloServer } from "@apollo/server";
import { startStandaloneServer } from "@apollo/server/standalone";
import { createShop } from "../schema.mjs";

export const name = "Apollo Server 5 (standalone)";

export async function start() {
  const { schema, createContext } = createShop();
  const server = new ApolloServer({ schema });
  const { url } = await startStandaloneServer(server, {
    listen: { port: 0, host: "127.0.0.1" },
    context: async () => createContext(),
  });
  return { port: Number(new URL(url).port) };
}
