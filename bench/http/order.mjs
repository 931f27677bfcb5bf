import { randomUUID } from "node:crypto";
import Ajv from "ajv";
import addFormats from "ajv-formats";

/** The request to all servers: an order without an id, so that the server generates one. */
export const request = {
  customerEmail: "ann@example.com",
  lines: [
    { sku: "sku-1", quantity: 2, unitPrice: 1299 },
    { sku: "sku-2", quantity: 1, unitPrice: 4900 },
    { sku: "sku-3", quantity: 12, unitPrice: 80 },
  ],
};

/** An order that violates a rule (quantity): the response must be 400. */
export const badRequest = { ...request, lines: [{ ...request.lines[0], quantity: 0 }] };

/** The rules of shop.orders.v1.PlaceOrderRequest as JSON schema. */
export const requestSchema = {
  type: "object",
  additionalProperties: false,
  required: ["customerEmail", "lines"],
  properties: {
    orderId: { type: "string" },
    customerEmail: { type: "string", format: "email" },
    lines: {
      type: "array",
      minItems: 1,
      items: {
        type: "object",
        additionalProperties: false,
        required: ["sku", "quantity"],
        properties: {
          sku: { type: "string", minLength: 1, maxLength: 64 },
          quantity: { type: "integer", minimum: 1, maximum: 1000 },
          unitPrice: { type: "integer", minimum: 0 },
        },
      },
    },
  },
};

export const responseSchema = {
  type: "object",
  required: ["orderId"],
  properties: { orderId: { type: "string" } },
};

export function createValidator() {
  const ajv = new Ajv();
  addFormats(ajv);
  return ajv.compile(requestSchema);
}

/** The response schema of an order, for servers that serialize by schema. */
export const viewSchema = {
  type: "object",
  required: ["orderId", "status", "total", "lines", "placedAt"],
  properties: {
    orderId: { type: "string" },
    status: { type: "string" },
    total: { type: "integer" },
    lines: {
      type: "array",
      items: {
        type: "object",
        required: ["sku", "quantity", "unitPrice"],
        properties: { sku: { type: "string" }, quantity: { type: "integer" }, unitPrice: { type: "integer" } },
      },
    },
    placedAt: { type: "string", format: "date-time" },
  },
};

/** What all hand-written servers do with a valid order: store one event under a new id, and return its state. */
export function createShop() {
  const streams = new Map();
  return {
    size: () => streams.size,
    async placeOrder(command) {
      const orderId = command.orderId || randomUUID();
      if (streams.has(orderId)) return undefined;
      streams.set(orderId, [{ type: "order.placed", data: { ...command, orderId, placedAt: new Date() } }]);
      return { orderId };
    },
    async getOrder(id) {
      const data = streams.get(id)?.[0].data;
      if (data === undefined) return undefined;
      const total = data.lines.reduce((sum, line) => sum + line.unitPrice * line.quantity, 0);
      return { orderId: id, status: "ORDER_STATUS_PLACED", total, lines: data.lines, placedAt: data.placedAt };
    },
  };
}
