import { toRequest } from "../harness/load.mjs";
import { request } from "./order.mjs";

export const works = [
  { key: "place", title: "place an order (POST /v1/orders)", places: true },
  { key: "get", title: "get one of 5,000 orders (GET /v1/orders/{id})", places: false },
];

/** The requests of a work: `before`, once each, then `requests` in turns during the measurement. */
export function requestsOf(key, orders) {
  const place = (data, bodyStart) =>
    toRequest({ method: "POST", path: "/v1/orders", body: JSON.stringify(data), bodyStart });
  if (key === "place") return { before: [], requests: [place(request, '{"orderId":"')] };
  const ids = Array.from({ length: orders }, (_, i) => `order-${String(i).padStart(6, "0")}`);
  return {
    before: ids.map((orderId) => place({ ...request, orderId }, `{"orderId":"${orderId}"`)),
    requests: ids.map((id) => toRequest({ method: "GET", path: `/v1/orders/${id}`, bodyStart: `{"orderId":"${id}"` })),
  };
}
