import { createServer } from "node:http";
import { listen } from "../../harness/listen.mjs";
import { createShop, createValidator } from "../order.mjs";

export const name = "node:http + ajv, hand-written (floor)";

const item = "/v1/orders/";

export function start() {
  const shop = createShop();
  const validate = createValidator();

  const send = (response, status, body) => {
    response.statusCode = status;
    response.setHeader("content-type", status < 400 ? "application/json" : "application/problem+json");
    response.end(JSON.stringify(body));
  };

  const get = async (request, response) => {
    const answer = await shop.getOrder(decodeURIComponent(request.url.slice(item.length)));
    if (answer === undefined) return send(response, 404, { title: "Not Found", status: 404 });
    send(response, 200, answer);
  };

  const place = (request, response) => {
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
  };

  const server = createServer((request, response) => {
    const { method, url } = request;
    if (method === "GET" && url.startsWith(item)) return get(request, response);
    if (url !== "/v1/orders") return send(response, 404, { title: "Not Found", status: 404 });
    if (method !== "POST") return send(response, 405, { title: "Method Not Allowed", status: 405 });
    return place(request, response);
  });
  return listen(server, shop.size);
}
