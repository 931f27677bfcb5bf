import fastify from "fastify";
import mercurius from "mercurius";
import { toPayload, topicOf, typeDefs } from "../schema.mjs";

export const name = "mercurius 16";

export async function start() {
  const server = fastify();
  const subscribe = (_root, { accountId }, { pubsub }) => pubsub.subscribe(topicOf(accountId));
  await server.register(mercurius, {
    schema: typeDefs,
    resolvers: { Subscription: { accountEvents: { subscribe } } },
    subscription: true,
  });
  await server.listen({ port: 0, host: "127.0.0.1" });
  const publish = (event) => {
    const payload = toPayload(event);
    const { pubsub } = server.graphql;
    return Promise.all([topicOf(event.accountId), topicOf()].map((topic) => pubsub.publish({ topic, payload })));
  };
  return { port: server.server.address().port, publish };
}
