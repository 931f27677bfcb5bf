import { create } from "@bufbuild/protobuf";
import { specify } from "@potter/runtime/testing";
import { describe, it } from "vitest";
import { Order, OrderPlacedV1 } from "../gen/shop/orders/v1/orders_cqrs.js";
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

  it("is placed under a new id if its customer gives none", () => {
    specify(order).when.placeOrder({ customerEmail: "ada@example.com", lines }).replies({ orderId: "id-1" });
  });

  it("is placed only once", () => {
    specify(order)
      .given(placed)
      .when.placeOrder({ orderId: "1", lines })
      .rejects("orderAlreadyPlaced", { orderId: "1" });
  });

  it("is shipped, and tells when", () => {
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

  it("is cancelled until it has left the house, and cancelling again changes nothing", () => {
    specify(order).given(placed).when.cancelOrder({ orderId: "1", reason: "changed my mind" }).emits(cancelled);
    specify(order).given(placed, cancelled).when.cancelOrder({ orderId: "1" }).emitsNothing().replies({});
    specify(order)
      .given(placed, shipped)
      .when.cancelOrder({ orderId: "1" })
      .rejects("orderAlreadyShipped", { orderId: "1" });
  });

  it("that was recorded before the email had a field of its own is understood", () => {
    specify(order)
      .givenStored(OrderPlacedV1, { orderId: "1", customer: "ada@example.com", lines })
      .when.shipOrder({ orderId: "1" })
      .emits(shipped);
  });
});
