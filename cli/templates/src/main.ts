import { consoleLogger, serve } from "@potter/runtime/node";
import { app } from "./app.js";

const server = await serve(app, {
  host: process.env.HOST ?? "127.0.0.1",
  port: Number(process.env.PORT ?? 8080),
  signals: ["SIGINT", "SIGTERM"],
  logger: consoleLogger(),
});
console.log(`listening on ${server.url}`);
