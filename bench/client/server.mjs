import { createServer } from "node:http";
import { listen } from "../harness/listen.mjs";
import { answer } from "./answer.mjs";

/** Returns each request in the protocol of its path. */
export async function startServer() {
  const server = createServer((request, response) => {
    const chunks = [];
    request.on("data", (chunk) => chunks.push(chunk));
    request.on("end", () => {
      const body = answer(request.url, Buffer.concat(chunks));
      response.writeHead(200, { "content-type": request.headers["content-type"], "content-length": body.length });
      response.end(body);
    });
  });
  const { port } = await listen(server);
  return {
    port,
    close() {
      server.closeAllConnections();
      server.close();
    },
  };
}
