import { createServer } from "node:http";
import { listen } from "../listen.mjs";

export const name = "node:http, static reply (reads nothing)";

const reply = JSON.stringify({ orderId: "0190d1f2-0000-7000-8000-000000000000" });

/** Checks and keeps nothing: what the platform itself costs. */
export const keeps = false;

export function start() {
  return listen(
    createServer((request, response) => {
      request.resume();
      response.setHeader("content-type", "application/json");
      response.end(reply);
    }),
    () => 0,
  );
}
