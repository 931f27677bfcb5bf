// What docs/guides/personal-data.md shows, carried out.
import { readFileSync } from "node:fs";
import { createApp, isErased, type KeyWrapper, masterKey, memory } from "@potter/runtime";
import { describe, expect, it } from "vitest";
import { Order, OrderService, OrderView } from "../gen/shop/orders/v1/orders_cqrs.js";
import { type OrderPlaced, OrderStatus } from "../gen/shop/orders/v1/orders_pb.js";
import { createShop } from "./app.js";
import { order } from "./order.js";
import { orderQueries, orderViews } from "./order-views.js";

const lines = [{ sku: "teapot", quantity: 2, unitPrice: 1999n }];
const request = { orderId: "1", customerEmail: "ada@example.com", lines };

describe("the guide to personal data", () => {
  it("shows lines of this file", () => {
    const source = readFileSync(new URL(import.meta.url), "utf8");
    const guide = readFileSync(new URL("../../../docs/guides/personal-data.md", import.meta.url), "utf8");
    const shown = [...guide.matchAll(/^```ts\n([\s\S]*?)^```$/gm)].flatMap(([, block = ""]) =>
      block.split("\n").map((line) => line.replace(/ *\/\/.*$/, "").trim()),
    );
    const statements = shown.filter((line) => line !== "" && !line.startsWith("import "));
    expect(statements.filter((line) => !source.includes(line))).toEqual([]);
    expect(statements.length).toBeGreaterThan(12);
  });

  it("forgets and remembers", async () => {
    const app = createShop(memory());
    await app.send(OrderService.methods.placeOrder, request);
    await app.eraseSubject("1");
    const [placed] = await app.history(Order, "1");
    placed?.erased;
    placed?.data;
    expect(placed).toMatchObject({ erased: true, data: { orderId: "1", lines: [{ sku: "teapot" }] } });
    expect(JSON.stringify(placed)).not.toContain("ada@example.com");
    await app.readmitSubject("1");
    await app.stop();
  });

  it("shows readers of an event that its data was erased", async () => {
    const customerOf = (event: OrderPlaced) => (isErased(event) ? "somebody" : event.customerEmail);
    const seen: unknown[] = [];
    const seenBy = (version: number) =>
      OrderView.projection({
        version,
        on: {
          orderPlaced: (event, rows, meta) => {
            seen.push([customerOf(event), meta.erased]);
            rows.upsert({ orderId: event.orderId, status: OrderStatus.PLACED });
          },
          orderShipped: () => {},
          orderCancelled: () => {},
        },
      });
    const store = memory();
    const first = createApp({ store, parts: [order, orderQueries, seenBy(1)] });
    await first.send(OrderService.methods.placeOrder, request);
    await first.waitForProjections();
    await first.eraseSubject("1");
    await first.stop();
    const second = createApp({ store, parts: [order, orderQueries, seenBy(2)] });
    await second.start();
    await second.waitForProjections();
    await second.stop();
    expect(seen).toEqual([
      ["ada@example.com", undefined],
      ["somebody", true],
    ]);
  });

  it("wraps keys, by a master key or by a service", async () => {
    const store = memory();
    const parts = [order, orderQueries, orderViews];
    const oldKey = Buffer.alloc(32, 1).toString("base64");
    const newKey = Buffer.alloc(32, 2).toString("base64");
    process.env["MASTER_KEY"] = oldKey;
    {
      const wrap = masterKey({ id: "2026", key: process.env["MASTER_KEY"] ?? "" });
      const app = createApp({ store, parts, personalData: { wrap } });
      await app.send(OrderService.methods.placeOrder, request);
    }
    {
      const wrap = masterKey({ id: "2027", key: newKey, previous: { "2026": oldKey } });
      const app = createApp({ store, parts, personalData: { wrap } });
      await app.rewrapKeys();
      expect((await app.history(Order, "1"))[0]?.data).toMatchObject({ customerEmail: "ada@example.com" });
    }
    const flip = async (bytes: Uint8Array, context: string) => bytes.map((byte) => byte ^ context.length);
    const kms = {
      encrypt: flip,
      decrypt: (_: string, bytes: Uint8Array, context: string) => flip(bytes, context),
    };
    const wrap: KeyWrapper = {
      id: "projects/shop/keys/personal",
      wrap: (key, { tenant, subject }) => kms.encrypt(key, JSON.stringify([tenant, subject])),
      unwrap: (wrapped, { tenant, subject }, id) => kms.decrypt(id, wrapped, JSON.stringify([tenant, subject])),
    };
    const fresh = memory();
    const app = createApp({ store: fresh, parts, personalData: { wrap } });
    await app.send(OrderService.methods.placeOrder, request);
    const again = createApp({ store: fresh, parts, personalData: { wrap } });
    expect((await again.history(Order, "1"))[0]?.data).toMatchObject({ customerEmail: "ada@example.com" });
    expect((await fresh.keys?.find([{ tenant: "", subject: "1" }]))?.[0]?.wrapped?.wrappedBy).toBe(wrap.id);
  });
});
