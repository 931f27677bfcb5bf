import { createOrdersApp, serve } from "../../potter/dist/orders.mjs";
import { createData } from "../data.mjs";

export const name = "Potter (graphql, serve on node:http)";

export async function start() {
  const server = await serve(createOrdersApp(createData()), { port: 0 });
  return { port: Number(new URL(server.url).port) };
}
