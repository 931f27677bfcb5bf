import { Server, ServerCredentials } from "@grpc/grpc-js";
import { echo } from "../../../harness/echo.mjs";
import { definition, toCollected, toEcho } from "../../definition.mjs";

export const name = "@grpc/grpc-js";

export async function start() {
  const server = new Server();
  server.addService(definition, {
    echo: (call, callback) => callback(null, toEcho(echo(call.request))),
    repeat: (call) => {
      const { item, times } = call.request;
      let sent = 0;
      const send = () => {
        while (sent < times) {
          sent++;
          if (!call.write(toEcho(echo(item)))) return call.once("drain", send);
        }
        call.end();
      };
      send();
    },
    collect: (call, callback) => {
      let last;
      let count = 0;
      call.on("data", (item) => {
        last = item;
        count++;
      });
      call.on("end", () => callback(null, toCollected({ last: echo(last), count })));
    },
    chat: (call) => {
      call.on("data", (item) => call.write(toEcho(echo(item))));
      call.on("end", () => call.end());
    },
  });
  const port = await new Promise((resolve, reject) => {
    server.bindAsync("127.0.0.1:0", ServerCredentials.createInsecure(), (error, port) =>
      error ? reject(error) : resolve(port),
    );
  });
  return { port };
}
