import { createServer } from "node:http";
import { listen } from "../../harness/listen.mjs";
import { request } from "../order.mjs";

export const name = "node:http, static reply (reads nothing)";

const answer = { orderId: "0190d1f2-0000-7000-8000-000000000000" };
const view = {
  ...answer,
  status: "ORDER_STATUS_PLACED",
  total: 8458,
  lines: request.lines,
  placedAt: "2024-05-17T09:30:00.000Z",
};

/** Checks and keeps nothing: what the platform itself costs. */
export const keeps = false;

export function start(work) {
  const reply = JSON.stringify(work === "get" ? view : answer);
  return listen(
    createServer((incoming, response) => {
      incoming.resume();
      response.setHeader("content-type", "application/json");
      response.end(reply);
    }),
    () => 0,
  );
}
