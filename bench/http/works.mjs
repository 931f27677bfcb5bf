import { toRequest } from "../harness/load.mjs";
import { request } from "./order.mjs";

/**
 * The requests to the servers: `before`, once each, then `requests` in turns during the measurement. `places`: every
 * request places an order.
 */
export function works(orders) {
  const ids = Array.from({ length: orders }, (_, i) => `order-${String(i).padStart(6, "0")}`);
  const place = (data, bodyStart) =>
    toRequest({ method: "POST", path: "/v1/orders", body: JSON.stringify(data), bodyStart });
  return [
    {
      name: "place",
      title: "place an order (POST /v1/orders)",
      before: [],
      requests: [place(request, '{"orderId":"')],
      places: true,
    },
    {
      name: "get",
      title: `get one of ${orders.toLocaleString("en-US")} orders (GET /v1/orders/{id})`,
      before: ids.map((orderId) => place({ ...request, orderId }, `{"orderId":"${orderId}"`)),
      requests: ids.map((id) =>
        toRequest({ method: "GET", path: `/v1/orders/${id}`, bodyStart: `{"orderId":"${id}"` }),
      ),
      places: false,
    },
  ];
}
