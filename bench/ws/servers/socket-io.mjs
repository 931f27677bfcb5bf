import { createServer } from "node:http";
import { Server } from "socket.io";
import { echo, toJson } from "../../harness/echo.mjs";
import { listen } from "../../harness/listen.mjs";

export const name = "socket.io 4";
export const dialect = "socket.io";

/** Checks no field. A room has the followers, to which it writes what it has serialized once. */
export async function start() {
  const server = createServer();
  const io = new Server(server, { serveClient: false, transports: ["websocket"] });
  io.on("connection", (socket) => {
    socket.on("echo", (item, answer) => answer(echo(item)));
    socket.on("follow", () => socket.join("followers"));
  });
  const publish = (item) => {
    io.to("followers").emit("item", toJson(item));
  };
  return { ...(await listen(server)), publish };
}
