// What the tests load into Chromium: the client over each transport that a browser has, and the React example.
import { type Client, connectTransport, createClient, type Transport } from "@potter/client";
import { restTransport } from "@potter/client/rest";
import { webSocketTransport } from "@potter/client/websocket";
import { QueryClient, QueryClientProvider } from "@tanstack/react-query";
import { createRoot, type Root } from "react-dom/client";
import { OrderPage } from "./order-page.js";
import { callShop, type Seen } from "./portable-calls.js";

const { origin } = globalThis.location;

const transports: Readonly<Record<string, () => Transport>> = {
  connect: () => connectTransport({ baseUrl: origin }),
  rest: () => restTransport({ baseUrl: origin }),
  webSocket: () => webSocketTransport({ url: `${origin.replace("http", "ws")}/ws` }),
};

/** Calls the shop over a transport. */
async function call(name: string, orderId = `browser ${name}`): Promise<Seen> {
  const client = createClient({ transport: (transports[name] as () => Transport)() });
  try {
    return await callShop(client, orderId);
  } finally {
    await client.close();
  }
}

let root: Root | undefined;
let client: Client | undefined;

/** Shows the page of an order. */
function show(orderId: string): void {
  client = createClient({ transport: connectTransport({ baseUrl: origin }) });
  root = createRoot(document.getElementById("root") as HTMLElement);
  root.render(
    <QueryClientProvider client={new QueryClient()}>
      <OrderPage client={client} orderId={orderId} />
    </QueryClientProvider>,
  );
}

/** Leaves the page of the order. */
function leave(): void {
  root?.unmount();
}

Object.assign(globalThis, { call, show, leave });
