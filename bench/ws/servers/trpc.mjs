import { createServer } from "node:http";
import { initTRPC } from "@trpc/server";
import { applyWSSHandler } from "@trpc/server/adapters/ws";
import { WebSocketServer } from "ws";
import { echo, toJson } from "../../harness/echo.mjs";
import { listen } from "../../harness/listen.mjs";
import { Hub } from "../hub.mjs";

export const name = "tRPC 11 (ws adapter)";
export const dialect = "trpc";

export async function start() {
  const hub = new Hub();
  const { router, procedure } = initTRPC.create();
  const server = createServer();
  applyWSSHandler({
    wss: new WebSocketServer({ server, perMessageDeflate: false }),
    router: router({
      echo: procedure.input(readItem).query(({ input }) => echo(input)),
      follow: procedure.subscription(({ signal }) => hub.follow(signal)),
    }),
  });
  return { ...(await listen(server)), publish: (item) => hub.publish(toJson(item)) };
}

/** Its validator: a function, which costs less than a schema. */
function readItem(value) {
  const { id, text, amount, urgent, tags } = value;
  const isItem =
    typeof id === "string" &&
    typeof text === "string" &&
    /^-?\d{1,19}$/.test(amount) &&
    typeof urgent === "boolean" &&
    Array.isArray(tags) &&
    tags.every((tag) => typeof tag === "string");
  if (!isItem) throw new Error("not an item");
  return value;
}
