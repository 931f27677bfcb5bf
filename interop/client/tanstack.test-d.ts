// The options for TanStack Query are those that its own types expect, with data and errors typed by the method.
import { createClient } from "@potter/client";
import { mockTransport } from "@potter/client/mock";
import {
  infiniteQueryOptions,
  liveQueryOptions,
  mutationOptions,
  queryKey,
  queryOptions,
} from "@potter/client/tanstack";
import { QueryClient, useInfiniteQuery, useMutation, useQuery, useSuspenseQuery } from "@tanstack/react-query";
import {
  getOrder,
  listOrders,
  type OrderView,
  placeOrder,
  watchOrder,
} from "../../examples/shop/gen/shop/orders/v1/orders_client.js";

const client = createClient({ transport: mockTransport() });

type Same<A, B> = (<T>() => T extends A ? 1 : 2) extends <T>() => T extends B ? 1 : 2 ? true : false;
const check = <T extends true>(): T | undefined => undefined;

export function useTypes(): void {
  const order = useQuery(queryOptions(client, getOrder, { orderId: "1" }));
  check<Same<typeof order.data, OrderView | undefined>>();
  if (order.error?.name === "not_found") check<Same<typeof order.error.code, typeof order.error.code>>();

  const shown = useSuspenseQuery(queryOptions(client, getOrder, { orderId: "1" }));
  check<Same<typeof shown.data, OrderView>>();

  const selected = useQuery({ ...queryOptions(client, getOrder, {}), select: ({ total }: OrderView) => Number(total) });
  check<Same<typeof selected.data, number | undefined>>();

  const pages = useInfiniteQuery(infiniteQueryOptions(client, listOrders, { pageSize: 2 }));
  const first: readonly OrderView[] | undefined = pages.data?.pages[0]?.orders;
  check<Same<typeof first, readonly OrderView[] | undefined>>();

  const place = useMutation(mutationOptions(client, placeOrder));
  place.mutate({ customerEmail: "ada@example.com" });
  // @ts-expect-error: there is no such field
  place.mutate({ email: "ada@example.com" });
  if (place.error?.name === "orderAlreadyPlaced") {
    const id: string | undefined = place.error.detail.orderId;
    check<Same<typeof id, string | undefined>>();
  }
  // The method declares no such error.
  check<"outOfStock" extends NonNullable<typeof place.error>["name"] ? false : true>();

  const live = useQuery(liveQueryOptions(client, watchOrder, { orderId: "1" }));
  check<Same<typeof live.data, OrderView | undefined>>();
  const totals = useQuery(
    liveQueryOptions(client, watchOrder, {}, (all: readonly string[] = [], { total = "" }) => [...all, total]),
  );
  check<Same<typeof totals.data, readonly string[] | undefined>>();

  const cache = new QueryClient();
  cache.invalidateQueries({ queryKey: queryKey(getOrder) });
  cache.fetchQuery(queryOptions(client, getOrder, { orderId: "1" }));
}
