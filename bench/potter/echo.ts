// The echo service as an app of Potter, over gRPC, Connect and WebSockets.
import { type App, createApp } from "@potter/runtime";
import { rpc } from "@potter/runtime/rpc";
import { webSocket } from "@potter/runtime/websocket";
import { EchoService } from "./gen/bench/echo/v1/echo_cqrs.js";
import type { EchoRequest } from "./gen/bench/echo/v1/echo_pb.js";

export { serve } from "@potter/runtime/node";
export { ws } from "@potter/runtime/ws";

/** What the other servers do: they take the fields from the request and put them into a response. */
const toEcho = ({ id, text, amount, urgent, tags }: EchoRequest) => ({ id, text, amount, urgent, tags });

type Item = ReturnType<typeof toEcho>;

const never = new AbortController().signal;

/** `follow`: what is published from now on, until the signal aborts. Without it nothing is. */
export function createEchoApp(follow: (signal: AbortSignal) => AsyncIterable<Item> = nothing): App {
  const queries = EchoService.queries({
    echo: (request) => toEcho(request),
    async *repeat({ item, times }) {
      if (item === undefined) return;
      for (let sent = 0; sent < times; sent++) yield toEcho(item);
    },
    async collect(items) {
      let last: EchoRequest | undefined;
      let count = 0;
      for await (const item of items) {
        last = item;
        count++;
      }
      return { count, ...(last && { last: toEcho(last) }) };
    },
    async *chat(items) {
      for await (const item of items) yield toEcho(item);
    },
    follow: (_request, { signal = never }) => follow(signal),
  });
  return createApp({ parts: [queries], transports: [rpc(), webSocket()] });
}

async function* nothing(): AsyncGenerator<Item> {}
