import { serve } from "@hono/node-server";
import { Hono } from "hono";
import { createShop, createValidator } from "../order.mjs";

export const name = "hono 4 + @hono/node-server + ajv";

export function start() {
  const shop = createShop();
  const validate = createValidator();
  const app = new Hono();
  app.post("/v1/orders", async (context) => {
    let command;
    try {
      command = await context.req.json();
    } catch {
      return context.json({ title: "Malformed JSON", status: 400 }, 400);
    }
    if (!validate(command)) return context.json({ title: "Invalid", status: 400, errors: validate.errors }, 400);
    const answer = await shop.placeOrder(command);
    if (answer === undefined) return context.json({ title: "Already placed", status: 409 }, 409);
    return context.json(answer);
  });
  app.get("/v1/orders/:orderId", async (context) => {
    const answer = await shop.getOrder(context.req.param("orderId"));
    if (answer === undefined) return context.json({ title: "Not Found", status: 404 }, 404);
    return context.json(answer);
  });
  return new Promise((resolve) => {
    serve({ fetch: app.fetch, port: 0, hostname: "127.0.0.1" }, ({ port }) => resolve({ port, size: shop.size }));
  });
}
