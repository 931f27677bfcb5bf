import { createServer } from "node:http";
import express from "express";
import { listen } from "../../harness/listen.mjs";
import { createShop, createValidator } from "../order.mjs";

export const name = "express 5 + ajv";

export function start() {
  const shop = createShop();
  const validate = createValidator();
  const app = express();
  app.post("/v1/orders", express.json(), async (request, response) => {
    if (!validate(request.body)) {
      return response.status(400).json({ title: "Invalid", status: 400, errors: validate.errors });
    }
    const answer = await shop.placeOrder(request.body);
    if (answer === undefined) return response.status(409).json({ title: "Already placed", status: 409 });
    response.json(answer);
  });
  app.get("/v1/orders/:orderId", async (request, response) => {
    const answer = await shop.getOrder(request.params.orderId);
    if (answer === undefined) return response.status(404).json({ title: "Not Found", status: 404 });
    response.json(answer);
  });
  return listen(createServer(app), shop.size);
}
