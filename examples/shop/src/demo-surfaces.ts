// The generated client of the shop, over each transport: all are served on one port.
import { connectTransport, createClient, type Transport } from "@potter/client";
import { grpcTransport } from "@potter/client/grpc";
import { restTransport } from "@potter/client/rest";
import { webSocketTransport } from "@potter/client/websocket";
import { WebSocket } from "ws";
import { getOrder, placeOrder } from "../gen/shop/orders/v1/orders_client.js";

const transportsOf = (url: string): Readonly<Record<string, Transport>> => ({
  REST: restTransport({ baseUrl: url }),
  Connect: connectTransport({ baseUrl: url }),
  gRPC: grpcTransport({ baseUrl: url }),
  WebSocket: webSocketTransport({ url: `${url.replace("http", "ws")}/ws`, webSocket: WebSocket }),
});

/** Gets an order over each transport, then tries to place it again, and prints the answers. */
export async function askOverEachTransport(url: string, orderId: string): Promise<void> {
  for (const [name, transport] of Object.entries(transportsOf(url))) {
    const client = createClient({ transport });
    const { status, total } = await getOrder(client, { orderId });
    const again = await placeOrder(client, {
      orderId,
      customerEmail: "ada@example.com",
      lines: [{ sku: "teapot", quantity: 1, unitPrice: "1999" }],
    }).safe();
    console.log(`${name.padEnd(9)} ${status} ${total}, placed again: ${again.ok ? "accepted" : again.error.name}`);
    await client.close();
  }
}
