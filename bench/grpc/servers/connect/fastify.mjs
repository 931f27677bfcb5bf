import Fastify from "fastify";
import { echo } from "../../../harness/echo.mjs";

export const name = "fastify 5 (schemas)";
/** The works that it serves. */
export const keys = ["connect-json"];

const item = {
  type: "object",
  additionalProperties: false,
  properties: {
    id: { type: "string" },
    text: { type: "string" },
    amount: { type: "string", pattern: "^-?[0-9]{1,19}$" },
    urgent: { type: "boolean" },
    tags: { type: "array", items: { type: "string" } },
  },
};

/** Its ajv coerces and strips by default: turned off, so that it refuses what the others refuse. */
export async function start() {
  const app = Fastify({ ajv: { customOptions: { coerceTypes: false, removeAdditional: false } } });
  const schema = { body: item, response: { 200: item } };
  app.post("/bench.echo.v1.EchoService/Echo", { schema }, async ({ body }) => echo(body));
  await app.listen({ port: 0, host: "127.0.0.1" });
  return { port: app.server.address().port };
}
