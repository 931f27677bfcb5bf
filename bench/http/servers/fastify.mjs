import addFormats from "ajv-formats";
import Fastify from "fastify";
import { createShop, requestSchema, responseSchema, viewSchema } from "../order.mjs";

export const name = "fastify 5 (schemas)";

export async function start() {
  const shop = createShop();
  // Its ajv coerces and strips by default: turned off, so that it refuses what the others refuse.
  const app = Fastify({
    ajv: { customOptions: { coerceTypes: false, removeAdditional: false }, plugins: [addFormats] },
  });
  app.post(
    "/v1/orders",
    { schema: { body: requestSchema, response: { 200: responseSchema } } },
    async (request, reply) => {
      const answer = await shop.placeOrder(request.body);
      if (answer === undefined) return reply.code(409).send({ title: "Already placed", status: 409 });
      return answer;
    },
  );
  app.get("/v1/orders/:orderId", { schema: { response: { 200: viewSchema } } }, async (request, reply) => {
    const answer = await shop.getOrder(request.params.orderId);
    if (answer === undefined) return reply.code(404).send({ title: "Not Found", status: 404 });
    return answer;
  });
  await app.listen({ port: 0, host: "127.0.0.1" });
  return { port: app.server.address().port, size: shop.size };
}
