import { specify } from "@potter/runtime/testing";
import { describe, it } from "vitest";
import { StockItem } from "../gen/shop/stock/v1/stock_cqrs.js";
import { stockItem } from "./stock.js";

const replenished = StockItem.event.stockReplenished({ sku: "teapot", quantity: 10 });
const reserved = StockItem.event.stockReserved({ sku: "teapot", orderId: "1", quantity: 4 });

describe("a stock item", () => {
  it("is replenished and returns the number of pieces", () => {
    specify(stockItem)
      .given(replenished)
      .when.replenish({ sku: "teapot", quantity: 5 })
      .emits(StockItem.event.stockReplenished({ sku: "teapot", quantity: 5 }))
      .replies({ available: 15 });
  });

  it("accepts no more pieces than can be counted, including reserved ones", () => {
    const most = 2 ** 32 - 1;
    const stocked = specify(stockItem).given(replenished, reserved);
    stocked.when.replenish({ sku: "teapot", quantity: most - 10 }).replies({ available: most - 4 });
    stocked.when
      .replenish({ sku: "teapot", quantity: most - 9 })
      .rejects("shelfFull", { sku: "teapot", room: most - 10 });
  });

  it("is reserved once for an order, up to the available pieces", () => {
    const stocked = specify(stockItem).given(replenished);
    stocked.when.reserve({ sku: "teapot", orderId: "1", quantity: 4 }).emits(reserved);
    stocked.given(reserved).when.reserve({ sku: "teapot", orderId: "1", quantity: 4 }).emitsNothing();
    stocked
      .given(reserved)
      .when.reserve({ sku: "teapot", orderId: "2", quantity: 7 })
      .rejects("outOfStock", { sku: "teapot", available: 6 });
  });

  it("is released by the reserved quantity, or not at all", () => {
    const stocked = specify(stockItem).given(replenished, reserved);
    stocked.when
      .release({ sku: "teapot", orderId: "1" })
      .emits(StockItem.event.stockReleased({ sku: "teapot", orderId: "1", quantity: 4 }));
    stocked.when.release({ sku: "teapot", orderId: "2" }).emitsNothing();
  });
});
