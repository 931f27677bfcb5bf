import { createEchoApp, serve, ws } from "../../potter/dist/echo.mjs";
import { Hub } from "../hub.mjs";

export const name = "Potter (webSocket, serve with ws)";
export const dialect = "potter";

export async function start() {
  const hub = new Hub();
  const app = createEchoApp((signal) => hub.follow(signal));
  const server = await serve(app, { port: 0, webSockets: ws() });
  return { port: Number(new URL(server.url).port), publish: (item) => hub.publish(item) };
}
