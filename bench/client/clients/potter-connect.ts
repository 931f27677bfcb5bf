import { connectTransport, createClient } from "@potter/client";
import { type EchoRequest, echo } from "../../potter/gen/bench/echo/v1/echo_client.js";

export const name = "Potter, Connect (JSON only)";

/** By POST, as all others. */
export function createCall({ baseUrl, fetch }: { readonly baseUrl: string; readonly fetch: typeof globalThis.fetch }) {
  const client = createClient({ transport: connectTransport({ baseUrl, fetch, get: false }) });
  return (item: EchoRequest) => echo(client, item);
}
