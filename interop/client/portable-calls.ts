// The same calls on every platform.
import type { Client } from "@potter/client";
import { OrderService } from "../../examples/shop/gen/shop/orders/v1/orders_client.js";

/** What the calls have shown. */
export interface Seen {
  readonly states: readonly (string | undefined)[];
  readonly refused: string;
  readonly listed: boolean;
  readonly total: string | undefined;
}

/** Places an order, follows it, ships it, lists it, and is refused once. */
export async function callShop(client: Client, orderId: string): Promise<Seen> {
  const orders = client.of(OrderService);
  const lines = [{ sku: "teapot", quantity: 2, unitPrice: "1999" }];
  await orders.placeOrder({ orderId, customerEmail: "ada@example.com", lines });
  const states: (string | undefined)[] = [];
  for await (const { status } of orders.watchOrder({ orderId })) {
    states.push(status);
    if (status === "ORDER_STATUS_SHIPPED") break;
    await orders.shipOrder({ orderId });
  }
  const refused = await orders.cancelOrder({ orderId }).safe();
  let listed = false;
  for await (const order of orders.listOrders({ pageSize: 2 })) listed ||= order.orderId === orderId;
  const { total } = await orders.getOrder({ orderId });
  return { states, refused: refused.ok ? "" : refused.error.name, listed, total };
}
