import { createClient } from "@connectrpc/connect";
import { createConnectTransport } from "@connectrpc/connect-web";
import { EchoService } from "../../potter/dist/echo-messages.mjs";

export const name = "connect-web, binary";
export const messages = "protobuf";

export function createCall({ baseUrl, fetch }) {
  const client = createClient(EchoService, createConnectTransport({ baseUrl, fetch, useBinaryFormat: true }));
  return (item) => client.echo(item);
}
