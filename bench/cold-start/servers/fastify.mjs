// fastify with schemas of the body and of the response.
import Fastify from "fastify";
import { answerParent } from "../started.mjs";

const app = Fastify();
const body = { type: "object", required: ["name"], properties: { name: { type: "string", minLength: 1 } } };
const answer = { type: "object", properties: { text: { type: "string" } } };
app.post("/v1/greetings", { schema: { body, response: { 200: answer } } }, async (request) => ({
  text: `Hello ${request.body.name}`,
}));
await app.listen({ port: 0, host: "127.0.0.1" });
answerParent(app.server.address().port);
