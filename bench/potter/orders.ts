// Orders as Potter answers them: messages that are there, found by handlers of a service.

import { create } from "@bufbuild/protobuf";
import { timestampFromDate } from "@bufbuild/protobuf/wkt";
import { type App, createApp } from "@potter/runtime";
import { graphql } from "@potter/runtime/graphql";
import { OrderService } from "./gen/bench/orders/v1/orders_cqrs.js";
import { graphqlContract } from "./gen/bench/orders/v1/orders_graphql.js";
import { CustomerSchema, OrderSchema, OrderStatus, ProductSchema } from "./gen/bench/orders/v1/orders_pb.js";

export { serve } from "@potter/runtime/node";

/** What is held, as `graphql/data.mjs` makes it up. */
export interface Data {
  readonly orders: readonly {
    readonly orderId: string;
    readonly status: "PLACED" | "SHIPPED";
    readonly total: number;
    readonly placedAt: Date;
    readonly customerId: string;
    readonly lines: readonly { readonly sku: string; readonly quantity: number; readonly unitPrice: number }[];
  }[];
  readonly customers: readonly { readonly customerId: string; readonly name: string; readonly email: string }[];
  readonly products: readonly {
    readonly sku: string;
    readonly title: string;
    readonly colour: string | undefined;
  }[];
}

export function createOrdersApp(data: Data): App {
  const orders = data.orders.map(({ total, placedAt, status, lines, ...order }) =>
    create(OrderSchema, {
      ...order,
      status: OrderStatus[status],
      total: BigInt(total),
      placedAt: timestampFromDate(placedAt),
      lines: lines.map(({ unitPrice, ...line }) => ({ ...line, unitPrice: BigInt(unitPrice) })),
    }),
  );
  const orderById = new Map(orders.map((one) => [one.orderId, one]));
  const customerById = new Map(data.customers.map((one) => [one.customerId, create(CustomerSchema, one)]));
  const productBySku = new Map(
    data.products.map(({ colour, ...one }) => [
      one.sku,
      create(ProductSchema, colour === undefined ? one : { ...one, colour }),
    ]),
  );
  const service = OrderService.queries({
    getOrder: async ({ orderId }) => orderById.get(orderId),
    listOrders: async ({ pageSize, pageToken }) => {
      const begin = Number(pageToken);
      const end = begin + (pageSize || 100);
      return { orders: orders.slice(begin, end), nextPageToken: end < orders.length ? String(end) : "" };
    },
    batchGetCustomers: async ({ customerIds }) => ({
      customers: customerIds.flatMap((id) => customerById.get(id) ?? []),
    }),
    batchGetProducts: async ({ skus }) => ({ products: skus.flatMap((sku) => productBySku.get(sku) ?? []) }),
  });
  return createApp({ parts: [service], transports: [graphql({ modules: [graphqlContract] })] });
}
