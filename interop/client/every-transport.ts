import { connectTransport, createClient } from "@potter/client";
import { restTransport } from "@potter/client/rest";
import { webSocketTransport } from "@potter/client/websocket";
import { callShop, type Seen } from "./portable-calls.js";

/** Calls the shop over each transport that every platform has. */
export async function callOverEach(url: string, prefix: string): Promise<Readonly<Record<string, Seen>>> {
  const transports = {
    connect: connectTransport({ baseUrl: url }),
    rest: restTransport({ baseUrl: url }),
    webSocket: webSocketTransport({ url: `${url.replace("http", "ws")}/ws` }),
  };
  const seen: Record<string, Seen> = {};
  for (const [name, transport] of Object.entries(transports)) {
    const client = createClient({ transport });
    seen[name] = await callShop(client, `${prefix} ${name}`);
    await client.close();
  }
  return seen;
}
