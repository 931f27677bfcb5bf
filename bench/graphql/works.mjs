import { toRequest } from "../harness/load.mjs";
import { createData, orderAnswer, pageAnswer } from "./data.mjs";

const size = 100;

const orderQuery = `query Order($id: ID!) {
  order(orderId: $id) { orderId status total placedAt lines { sku quantity unitPrice } }
}`;

const ordersQuery = `query Orders($first: Int) {
  orders(first: $first) {
    nodes { orderId status total customer { name email } lines { quantity product { title colour } } }
    pageInfo { hasNextPage }
  }
}`;

/** What clients of today accept (GraphQL over HTTP, 6.1). */
export const accept = "application/graphql-response+json, application/json;q=0.9";

/** The works: `requests`, sent in turns, and the whole expected response to `query` with `variables`. */
export function createWorks() {
  const data = createData();
  const post = (query, variables, bodyStart) =>
    toRequest({
      method: "POST",
      path: "/graphql",
      headers: { accept },
      body: JSON.stringify({ query, variables }),
      bodyStart,
    });
  return [
    {
      key: "order",
      title: "one of 1,000 orders, with its lines",
      query: orderQuery,
      samples: [0, 499, 999].map((at) => ({
        variables: { id: data.orders[at].orderId },
        answer: { order: orderAnswer(data.orders[at]) },
      })),
      requests: data.orders.map(({ orderId }) =>
        post(orderQuery, { id: orderId }, `{"data":{"order":{"orderId":"${orderId}"`),
      ),
    },
    {
      key: "orders",
      title: `${size} orders, with customers and products by loaders`,
      query: ordersQuery,
      samples: [{ variables: { first: size }, answer: { orders: pageAnswer(data, size) } }],
      requests: [
        post(ordersQuery, { first: size }, `{"data":{"orders":{"nodes":[{"orderId":"${data.orders[0].orderId}"`),
      ],
    },
  ];
}
