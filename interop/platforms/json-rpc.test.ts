// A JSON-RPC client that knows nothing of Potter sends commands and queries.
import { once } from "node:events";
import { serve } from "@potter/runtime/node";
import { ws } from "@potter/runtime/ws";
import { JSONRPCClient, JSONRPCErrorException } from "json-rpc-2.0";
import { expect, it } from "vitest";
import { WebSocket } from "ws";
import { app } from "./app.js";

it("any JSON-RPC client can send commands and queries", async () => {
  const server = await serve(app, { webSockets: ws() });
  const socket = new WebSocket(`${server.url.replace("http", "ws")}/ws`, "potter.v1.json");
  await once(socket, "open");
  const client = new JSONRPCClient((request) => socket.send(JSON.stringify(request)));
  socket.on("message", (data) => client.receive(JSON.parse(String(data))));

  const order = { orderId: "o1", customerEmail: "ada@example.com", lines: [{ sku: "teapot", quantity: 1 }] };
  expect(await client.request("shop.orders.v1.OrderService/PlaceOrder", [order])).toMatchObject({
    response: { orderId: "o1" },
    version: 1,
  });
  expect(await client.request("shop.orders.v1.OrderService/GetOrder", [{ orderId: "o1" }])).toMatchObject({
    response: { status: "ORDER_STATUS_PLACED" },
  });
  const failed = client.request("shop.orders.v1.OrderService/GetOrder", [{ orderId: "none" }]);
  await expect(failed).rejects.toSatisfy(
    (error: unknown) => error instanceof JSONRPCErrorException && error.code === -32005,
  );
  await expect(client.request("shop.orders.v1.OrderService/Gone", [])).rejects.toMatchObject({ code: -32601 });
  socket.close();
  await server.stop();
});
