import { createServer } from "node:http";
import { WebSocketServer } from "ws";
import { echo, toJson } from "../../harness/echo.mjs";
import { listen } from "../../harness/listen.mjs";

export const name = "ws + JSON.parse (floor)";
export const dialect = "plain";

/** Checks no field, bounds nothing, sends no pings. An item is serialized once, whoever follows. */
export async function start() {
  const server = createServer();
  const sockets = new WebSocketServer({ server, perMessageDeflate: false });
  const followers = new Set();
  sockets.on("connection", (socket) => {
    socket.on("message", (data) => {
      const { id, method, params } = JSON.parse(data);
      if (method === "echo") return socket.send(JSON.stringify({ id, result: echo(params) }));
      if (method !== "follow") return socket.close();
      const follower = { socket, id };
      followers.add(follower);
      socket.on("close", () => followers.delete(follower));
    });
  });
  const publish = (item) => {
    const text = JSON.stringify(toJson(item));
    for (const { socket, id } of followers) socket.send(`{"id":${id},"item":${text}}`);
  };
  return { ...(await listen(server)), publish };
}
