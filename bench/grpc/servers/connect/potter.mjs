import { createEchoApp, serve } from "../../../potter/dist/echo.mjs";

export const name = "Potter (rpc, serve on node:http)";

export async function start() {
  const server = await serve(createEchoApp(), { port: 0 });
  return { port: Number(new URL(server.url).port) };
}
