// The React example rendered without a browser, with data that were fetched before.
import { createClient } from "@potter/client";
import { mockTransport } from "@potter/client/mock";
import { infiniteQueryOptions, queryOptions } from "@potter/client/tanstack";
import { QueryClient, QueryClientProvider } from "@tanstack/react-query";
import { renderToString } from "react-dom/server";
import { expect, it } from "vitest";
import { getOrder, listOrders } from "../../examples/shop/gen/shop/orders/v1/orders_client.js";
import { OrderPage } from "./order-page.js";

it("shows what a server has fetched by the same options", async () => {
  const transport = mockTransport()
    .on(getOrder)
    .answer(({ orderId = "" }) => ({ orderId, total: "3998" }))
    .on(listOrders)
    .answer(() => ({ orders: [{ orderId: "a" }, { orderId: "b" }] }));
  const client = createClient({ transport });
  const cache = new QueryClient();
  await cache.prefetchQuery(queryOptions(client, getOrder, { orderId: "1" }));
  await cache.prefetchInfiniteQuery(infiniteQueryOptions(client, listOrders, { pageSize: 2 }));
  const html = renderToString(
    <QueryClientProvider client={cache}>
      <OrderPage client={client} orderId="1" />
    </QueryClientProvider>,
  );
  expect(html).toContain('<p id="total">3998</p>');
  expect(html).toContain("<li>a</li><li>b</li>");
  expect(html).toContain("disabled");
});
