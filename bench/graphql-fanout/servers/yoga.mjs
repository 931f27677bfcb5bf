import { createServer } from "node:http";
import { useServer } from "graphql-ws/use/ws";
import { createPubSub, createSchema, createYoga } from "graphql-yoga";
import { WebSocketServer } from "ws";
import { listen } from "../../harness/listen.mjs";
import { toPayload, topicOf, typeDefs } from "../schema.mjs";

export const name = "GraphQL Yoga 5, graphql-ws 6";

/** As Yoga's own page on subscriptions sets it up. */
export async function start() {
  const pubsub = createPubSub();
  const subscribe = (_root, { accountId }) => pubsub.subscribe(topicOf(accountId));
  const schema = createSchema({ typeDefs, resolvers: { Subscription: { accountEvents: { subscribe } } } });
  const yoga = createYoga({ schema, logging: "error" });
  const server = createServer(yoga);
  const sockets = new WebSocketServer({ server, path: yoga.graphqlEndpoint, perMessageDeflate: false });
  const onSubscribe = async (ctx, _id, params) => {
    const { request: req, socket } = ctx.extra;
    const { execute, subscribe, contextFactory, parse, validate, ...own } = yoga.getEnveloped({
      ...ctx,
      req,
      socket,
      params,
    });
    const args = {
      schema: own.schema,
      operationName: params.operationName,
      document: parse(params.query),
      variableValues: params.variables,
      contextValue: await contextFactory(),
      rootValue: { execute, subscribe },
    };
    const errors = validate(args.schema, args.document);
    return errors.length > 0 ? errors : args;
  };
  useServer(
    {
      execute: (args) => args.rootValue.execute(args),
      subscribe: (args) => args.rootValue.subscribe(args),
      onSubscribe,
    },
    sockets,
  );
  const publish = (event) => {
    const payload = toPayload(event);
    for (const topic of [topicOf(event.accountId), topicOf()]) pubsub.publish(topic, payload);
  };
  return { ...(await listen(server)), publish };
}
