import { createClient } from "@potter/client";
import { restTransport } from "@potter/client/rest";
import { type EchoRequest, echo } from "../../potter/gen/bench/echo/v1/echo_client.js";

export const name = "Potter, REST (JSON only)";

export function createCall({ baseUrl, fetch }: { readonly baseUrl: string; readonly fetch: typeof globalThis.fetch }) {
  const client = createClient({ transport: restTransport({ baseUrl, fetch }) });
  return (item: EchoRequest) => echo(client, item);
}
