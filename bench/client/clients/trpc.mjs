import { createTRPCClient, httpLink } from "@trpc/client";

export const name = "tRPC 11 (httpLink)";

export function createCall({ baseUrl, fetch }) {
  const client = createTRPCClient({ links: [httpLink({ url: `${baseUrl}/trpc`, fetch })] });
  return (item) => client.echo.mutate(item);
}
