import { createServer } from "node:http";
import { buildSchema, parse, validate } from "graphql";
import { compileQuery } from "graphql-jit";
import { WebSocketServer } from "ws";
import { listen } from "../../harness/listen.mjs";
import { toPayload, topicOf, typeDefs } from "../schema.mjs";

export const name = "ws + graphql-jit (floor)";

/** graphql-transport-ws as far as it is needed: a list of sockets for each topic, and the compiled operation for each of them. */
export async function start() {
  const schema = buildSchema(typeDefs);
  const kept = new Map();
  const topics = new Map();

  const compile = (text) => {
    const document = parse(text);
    const [error] = validate(schema, document);
    if (error !== undefined) throw error;
    const compiled = compileQuery(schema, document);
    kept.set(text, compiled);
    return compiled;
  };

  const subscribe = (socket, id, { query, variables = {} }) => {
    const compiled = kept.get(query) ?? compile(query);
    const topic = topicOf(variables.id);
    const followers = topics.get(topic) ?? new Set();
    topics.set(topic, followers);
    const follower = { socket, id, compiled, variables };
    followers.add(follower);
    socket.on("close", () => followers.delete(follower));
  };

  const server = createServer();
  const sockets = new WebSocketServer({
    server,
    perMessageDeflate: false,
    handleProtocols: () => "graphql-transport-ws",
  });
  sockets.on("connection", (socket) => {
    socket.on("message", (data) => {
      const { type, id, payload } = JSON.parse(data);
      if (type === "connection_init") socket.send('{"type":"connection_ack"}');
      else if (type === "subscribe") subscribe(socket, id, payload);
    });
  });

  const publish = (event) => {
    const payload = toPayload(event);
    for (const topic of [topicOf(event.accountId), topicOf()]) {
      for (const { socket, id, compiled, variables } of topics.get(topic) ?? []) {
        const result = compiled.query(payload, {}, variables);
        socket.send(JSON.stringify({ id, type: "next", payload: result }));
      }
    }
  };
  return { ...(await listen(server)), publish };
}
