import fastify from "fastify";
import mercurius from "mercurius";
import { createShop } from "./schema.mjs";

export async function startMercurius(options) {
  const { schema, createContext } = createShop();
  const server = fastify();
  await server.register(mercurius, { schema, context: createContext, ...options });
  await server.listen({ port: 0, host: "127.0.0.1" });
  return { port: server.server.address().port };
}
