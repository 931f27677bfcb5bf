import { createServer } from "node:http";
import { listen } from "../listen.mjs";
import { createShop, createValidator } from "../order.mjs";

export const name = "node:http + ajv, hand-written (floor)";

export function start() {
  const shop = createShop();
  const validate = createValidator();

  const send = (response, status, body) => {
    response.statusCode = status;
    response.setHeader("content-type", status < 400 ? "application/json" : "application/problem+json");
    response.end(JSON.stringify(body));
  };

  const server = createServer((request, response) => {
    if (request.url !== "/v1/orders") return send(response, 404, { title: "Not Found", status: 404 });
    if (request.method !== "POST") return send(response, 405, { title: "Method Not Allowed", status: 405 });
    let text = "";
    request.setEncoding("utf8");
    request.on("data", (chunk) => {
      text += chunk;
    });
    request.on("end", async () => {
      let command;
      try {
        command = JSON.parse(text);
      } catch {
        return send(response, 400, { title: "Malformed JSON", status: 400 });
      }
      if (!validate(command)) return send(response, 400, { title: "Invalid", status: 400, errors: validate.errors });
      const answer = await shop.placeOrder(command);
      if (answer === undefined) return send(response, 409, { title: "Already placed", status: 409 });
      send(response, 200, answer);
    });
  });
  return listen(server, shop.size);
}
