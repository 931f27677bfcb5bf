import { createServer } from "nice-grpc";
import { echo } from "../../../harness/echo.mjs";
import { definition, toCollected, toEcho } from "../../definition.mjs";

export const name = "nice-grpc";

export async function start() {
  const server = createServer();
  server.add(definition, {
    echo: async (request) => toEcho(echo(request)),
    async *repeat({ item, times }) {
      for (let sent = 0; sent < times; sent++) yield toEcho(echo(item));
    },
    async collect(items) {
      let last;
      let count = 0;
      for await (const item of items) {
        last = item;
        count++;
      }
      return toCollected({ last: echo(last), count });
    },
    async *chat(items) {
      for await (const item of items) yield toEcho(echo(item));
    },
  });
  return { port: await server.listen("127.0.0.1:0") };
}
