import { randomUUID } from "node:crypto";
import { createServer } from "node:http";
import { listen } from "../../harness/listen.mjs";
import * as pb from "../../potter/dist/shop.mjs";

export const name = "node:http + protobuf-es JSON";

const item = "/v1/orders/";
const email = /^[\w.!#$%&'*+/=?^`{|}~-]+@[a-z0-9-]+(\.[a-z0-9-]+)*$/i;

/** By hand: protobuf-es knows no rules. */
function isValid({ customerEmail, lines }) {
  if (!email.test(customerEmail) || lines.length === 0) return false;
  return lines.every(
    ({ sku, quantity, unitPrice }) =>
      sku.length >= 1 && sku.length <= 64 && quantity >= 1 && quantity <= 1000 && unitPrice >= 0n,
  );
}

export function start() {
  const streams = new Map();

  const send = (response, status, text) => {
    response.statusCode = status;
    response.setHeader("content-type", status < 400 ? "application/json" : "application/problem+json");
    response.end(text);
  };
  const refuse = (response, status, title) => send(response, status, JSON.stringify({ title, status }));

  const get = async (request, response) => {
    const placed = streams.get(decodeURIComponent(request.url.slice(item.length)));
    if (placed === undefined) return refuse(response, 404, "Not Found");
    const { orderId, lines, placedAt } = placed;
    const total = lines.reduce((sum, line) => sum + line.unitPrice * BigInt(line.quantity), 0n);
    const view = pb.create(pb.OrderViewSchema, { orderId, status: pb.OrderStatus.PLACED, total, lines, placedAt });
    send(response, 200, JSON.stringify(pb.toJson(pb.OrderViewSchema, view)));
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
        command = pb.fromJson(pb.PlaceOrderRequestSchema, JSON.parse(text));
      } catch {
        return refuse(response, 400, "Malformed");
      }
      if (!isValid(command)) return refuse(response, 400, "Invalid");
      const orderId = command.orderId || randomUUID();
      if (streams.has(orderId)) return refuse(response, 409, "Already placed");
      const now = Date.now();
      const seconds = Math.floor(now / 1000);
      const placedAt = { seconds: BigInt(seconds), nanos: (now - seconds * 1000) * 1_000_000 };
      streams.set(orderId, { orderId, lines: command.lines, placedAt });
      const answer = pb.create(pb.PlaceOrderResponseSchema, { orderId });
      send(response, 200, JSON.stringify(pb.toJson(pb.PlaceOrderResponseSchema, answer)));
    });
  };

  const server = createServer((request, response) => {
    if (request.method === "GET" && request.url.startsWith(item)) return get(request, response);
    if (request.method === "POST" && request.url === "/v1/orders") return place(request, response);
    refuse(response, 404, "Not Found");
  });
  return listen(server, () => streams.size);
}
