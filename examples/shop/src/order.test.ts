import { create } from "@bufbuild/protobuf";
import { createApp, type PotterError } from "@potter/runtime";
import { specify } from "@potter/runtime/testing";
import { describe, expect, it } from "vitest";
import { Order, OrderPlacedV1, OrderService } from "../gen/shop/orders/v1/orders_cqrs.js";
import { OrderLineSchema, OrderStatus } from "../gen/shop/orders/v1/orders_pb.js";
import { order } from "./order.js";

const lines = [create(OrderLineSchema, { sku: "teapot", quantity: 2, unitPrice: 1999n })];
const at = { seconds: 1_577_836_800n, nanos: 0 };
const placed = Order.event.orderPlaced({ orderId: "1", customerEmail: "ada@example.com", lines, placedAt: at });
const shipped = Order.event.orderShipped({ orderId: "1", shippedAt: at });
const cancelled = Order.event.orderCancelled({ orderId: "1", reason: "changed my mind" });

describe("an order", () => {
  it("is placed", () => {
    specify(order)
      .when.placeOrder({ orderId: "1", customerEmail: "ada@example.com", lines })
      .emits(placed)
      .replies({ orderId: "1" });
  });

  it("is placed under a new id if its customer sets none", () => {
    specify(order).when.placeOrder({ customerEmail: "ada@example.com", lines }).replies({ orderId: "id-1" });
  });

  it("is placed only once", () => {
    specify(order)
      .given(placed)
      .when.placeOrder({ orderId: "1", customerEmail: "ada@example.com", lines })
      .rejects("orderAlreadyPlaced", { orderId: "1" });
  });

  it("is refused by the rules of the contract as the app refuses it", async () => {
    const request = { orderId: "1", customerEmail: "nobody", lines: [create(OrderLineSchema, { quantity: 1001 })] };
    const app = createApp({ parts: [order], unimplemented: [OrderService] });
    const { code, message, violations } = await app.send(OrderService.methods.placeOrder, request).then(
      () => expect.fail("the app took it"),
      (error: PotterError) => error,
    );
    const fields = violations.map(({ field }) => field);
    expect(fields).toEqual(["customer_email", "lines[0].sku", "lines[0].quantity"]);
    specify(order).when.placeOrder(request).fails(code, { message, fields });
    await app.stop();
  });

  it("is not shipped before it was placed", () => {
    specify(order).when.shipOrder({ orderId: "1" }).fails("not_found", { message: "there is no Order 1" });
  });

  it("is shipped, and records when", () => {
    specify(order)
      .given(placed)
      .when.shipOrder({ orderId: "1" })
      .emits(shipped)
      .replies({ orderId: "1", shippedAt: at });
  });

  it("is not shipped twice, nor once it was cancelled", () => {
    specify(order)
      .given(placed, shipped)
      .when.shipOrder({ orderId: "1" })
      .rejects("orderNotOpen", { orderId: "1", status: OrderStatus.SHIPPED });
    specify(order).given(placed, cancelled).when.shipOrder({ orderId: "1" }).rejects("orderNotOpen");
  });

  it("can be cancelled until it is shipped, and cancelling again changes nothing", () => {
    specify(order).given(placed).when.cancelOrder({ orderId: "1", reason: "changed my mind" }).emits(cancelled);
    specify(order).given(placed, cancelled).when.cancelOrder({ orderId: "1" }).emitsNothing().replies({});
    specify(order)
      .given(placed, shipped)
      .when.cancelOrder({ orderId: "1" })
      .rejects("orderAlreadyShipped", { orderId: "1" });
  });

  it("that was recorded before the email had its own field is read", () => {
    specify(order)
      .givenStored(OrderPlacedV1, { orderId: "1", customer: "ada@example.com", lines })
      .when.shipOrder({ orderId: "1" })
      .emits(shipped);
  });
});
