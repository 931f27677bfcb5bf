// The React example of docs/guides/clients.md: lists orders, follows one as it changes, and ships it.
import type { Client } from "@potter/client";
import {
  infiniteQueryOptions,
  liveQueryOptions,
  mutationOptions,
  queryKey,
  queryOptions,
} from "@potter/client/tanstack";
import { useInfiniteQuery, useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import type { ReactNode } from "react";
import { getOrder, listOrders, shipOrder, watchOrder } from "../../examples/shop/gen/shop/orders/v1/orders_client.js";

export interface OrderPageProps {
  readonly client: Client;
  readonly orderId: string;
}

export function OrderPage({ client, orderId }: OrderPageProps): ReactNode {
  const cache = useQueryClient();

  const order = useQuery(queryOptions(client, getOrder, { orderId }));
  const pages = useInfiniteQuery(infiniteQueryOptions(client, listOrders, { pageSize: 2 }));
  const ship = useMutation(mutationOptions(client, shipOrder));
  const live = useQuery(liveQueryOptions(client, watchOrder, { orderId }));

  const listed = pages.data?.pages.flatMap(({ orders = [] }) => orders) ?? [];
  const reload = () => cache.invalidateQueries({ queryKey: queryKey(getOrder) });

  return (
    <main>
      <p id="total">{order.error ? order.error.message : (order.data?.total ?? "…")}</p>
      <p id="live">{live.data?.status ?? "…"}</p>
      <ul>
        {listed.map((one) => (
          <li key={one.orderId}>{one.orderId}</li>
        ))}
      </ul>
      <button id="more" type="button" disabled={!pages.hasNextPage} onClick={() => pages.fetchNextPage()}>
        More
      </button>
      <button id="ship" type="button" onClick={() => ship.mutate({ orderId }, { onSuccess: reload })}>
        Ship
      </button>
      <p id="refused">{ship.error?.name === "orderNotOpen" ? `not open: ${ship.error.detail.status}` : ""}</p>
    </main>
  );
}
